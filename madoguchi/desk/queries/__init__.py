"""What the desk reads besides other rooms' doors (読み取り)."""
