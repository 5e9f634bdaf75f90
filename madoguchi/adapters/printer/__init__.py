"""The paper printer, over IPP (印刷機)."""
