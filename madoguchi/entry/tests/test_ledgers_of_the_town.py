"""The fictional town's own files are taken in as any town's: register, seals, tax."""

import io

from madoguchi.certificates import testing as t
from madoguchi.certificates.actions.fictional_seals import seal_drawer
from madoguchi.certificates.actions.importing import import_seals, import_taxes
from madoguchi.certificates.models import SealRegistration, TaxAssessment
from madoguchi.infra import unit
from madoguchi.infra.progress import quiet
from madoguchi.kernel.actor import Right
from madoguchi.protection.testing import CLERK
from madoguchi.register.actions.importing import ImportFiles, import_csv
from madoguchi.town.api import generate_town

IMPORTER = t.with_rights(CLERK, Right.IMPORT_EXPORT)


def test_a_town_comes_in_with_its_seals_and_taxes(db, tmp_path, settings):
    settings.MADOGUCHI_HOME = tmp_path / "home"
    made = tmp_path / "made"
    generate_town(residents=1_500, seed=1, out=made, imprint_of=seal_drawer())

    def file(name):
        return io.BytesIO((made / name).read_bytes())

    register = ImportFiles(register=file("register.csv"), history=file("events.csv"),
                           latest=file("latest.csv"))  # fmt: skip
    unit.run_long(import_csv, register, actor=IMPORTER, progress=quiet("t"))
    seals = unit.run_long(import_seals, file("seals.csv"), actor=IMPORTER, progress=quiet("t"))
    taxes = unit.run_long(import_taxes, file("tax.csv"), actor=IMPORTER, progress=quiet("t"))
    assert seals.new == seals.rows == SealRegistration.objects.count() > 500
    assert taxes.new == taxes.rows == TaxAssessment.objects.count() > 500
    assert (seals.warning_count, taxes.warning_count) == (0, 0)
    registered = SealRegistration.objects.filter(state="REGISTERED")
    assert not registered.filter(imprint=None).exists()
    t.fees()
    offered = [t.offered(one) for one in registered.values_list("person_id", flat=True)[:25]]
    kinds = [{kind.kind for kind in offer.kinds} for offer in offered if not offer.refused]
    assert len(kinds) > 12
    # Whoever is about to leave gets the tax certificate alone.
    whole = [some for some in kinds if "resident_record_household" in some]
    assert len(whole) > 12
    assert all("seal_registration" in some for some in whole)
