package io.meshwork.internal.columnar;

import shaded.parquet.org.apache.thrift.TConfiguration;
import shaded.parquet.org.apache.thrift.TException;
import shaded.parquet.org.apache.thrift.protocol.TCompactProtocol;
import shaded.parquet.org.apache.thrift.protocol.TProtocol;
import shaded.parquet.org.apache.thrift.transport.TEndpointTransport;
import shaded.parquet.org.apache.thrift.transport.TTransportException;

/**
 * Thrift structures out of an array. The range is also the limit of every length inside, so that a
 * list that claims more elements than there are bytes is refused before memory is taken for it.
 */
final class FooterTransport extends TEndpointTransport {
  private static final int DEEPEST = 64;

  private final byte[] bytes;
  private final int end;
  private int position;

  private FooterTransport(byte[] bytes, int from, int end) throws TTransportException {
    super(new TConfiguration(end - from, TConfiguration.DEFAULT_MAX_FRAME_SIZE, DEEPEST));
    this.bytes = bytes;
    this.position = from;
    this.end = end;
  }

  /** Reads fields from a protocol. */
  interface Structure {
    void read(TProtocol protocol) throws TException;
  }

  /** Reads a structure from a range; returns where it ends. */
  static int read(Structure into, byte[] bytes, int from, int end) {
    try {
      FooterTransport transport = new FooterTransport(bytes, from, end);
      into.read(new TCompactProtocol(transport, end - from, end - from));
      return transport.position;
    } catch (TException | RuntimeException | StackOverflowError e) {
      // A field nested without end overflows the stack of Thrift's skip, which has no limit.
      throw new DecoderException("not a readable Thrift structure", e);
    }
  }

  @Override
  public int read(byte[] to, int at, int length) throws TTransportException {
    if (length > end - position) {
      throw new TTransportException(TTransportException.END_OF_FILE, "the structure goes on");
    }
    System.arraycopy(bytes, position, to, at, length);
    position += length;
    return length;
  }

  @Override
  public byte[] getBuffer() {
    return bytes;
  }

  @Override
  public int getBufferPosition() {
    return position;
  }

  @Override
  public int getBytesRemainingInBuffer() {
    return end - position;
  }

  @Override
  public void consumeBuffer(int length) {
    position += length;
  }

  @Override
  public void write(byte[] from, int at, int length) {
    throw new UnsupportedOperationException("read only");
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public void open() {}

  @Override
  public void close() {}
}
