"""The copy without its secret: picture in, one burned raster out, and the proof (消去した写し)."""
