"""The fictional people of the bridge's tests, and PINs that appear nowhere by chance."""

from datetime import date

from madoguchi.bridge.emulator.making import Person

PIN = "7395"
WRONG = "7396"
SIGN_PASSWORD = "QZ7395XK"
ADDRESS = "鹿児島県せとうち町大字古仁屋1番地"


def person(number, name, birth, *, sex="女", state="有効"):
    return Person(
        person_id=f"{number:015d}",
        name=name,
        birth=birth,
        sex=sex,
        address=ADDRESS,
        state=state,
    )


PEOPLE = (
    person(1, "海野 あおい", date(1988, 5, 3)),
    person(2, "浜 うめ", date(1940, 2, 29), state="失効"),
    person(3, "港 そら", date(2016, 4, 2), sex="男"),
)
AOI, UME, SORA = "001", "002", "003"
