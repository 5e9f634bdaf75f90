"""Pure rules of what people come for, of family runs and of what runs out (用件・家族の手続き・期限の決まり)."""
