"""What is needed, and by when: rules asked without a database (必要書類と期限の案内)."""
