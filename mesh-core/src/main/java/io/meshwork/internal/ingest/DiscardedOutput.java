package io.meshwork.internal.ingest;

import org.apache.iceberg.io.PositionOutputStream;

/** A stream that stores nothing and counts its bytes, because footers contain offsets. */
public final class DiscardedOutput extends PositionOutputStream {
  private long position;

  @Override
  public long getPos() {
    return position;
  }

  @Override
  public void write(int value) {
    position++;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    position += length;
  }
}
