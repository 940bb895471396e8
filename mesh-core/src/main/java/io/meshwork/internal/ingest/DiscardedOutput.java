package io.meshwork.internal.ingest;

import org.apache.iceberg.io.PositionOutputStream;

/** A stream that counts its bytes and stores none: what is written is only measured. */
final class DiscardedOutput extends PositionOutputStream {
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
