"""What is done to a request, one function a press (処理)."""
