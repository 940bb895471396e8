package io.meshwork.internal.parquet.footer;

import io.meshwork.internal.parquet.schema.UnreadableFileException;
import shaded.parquet.org.apache.thrift.TConfiguration;
import shaded.parquet.org.apache.thrift.TException;
import shaded.parquet.org.apache.thrift.protocol.TProtocol;
import shaded.parquet.org.apache.thrift.protocol.TProtocolException;
import shaded.parquet.org.apache.thrift.transport.TEndpointTransport;
import shaded.parquet.org.apache.thrift.transport.TTransport;
import shaded.parquet.org.apache.thrift.transport.TTransportException;

/**
 * Reads Thrift structures from an array. The range also limits every length inside, so that a list
 * that declares more elements than there are bytes is rejected before memory is allocated for it.
 */
public final class FooterTransport extends TEndpointTransport {
  private static final int MAX_DEPTH = 64;

  private final byte[] bytes;
  private final int end;
  private int position;

  private FooterTransport(byte[] bytes, int from, int end) throws TTransportException {
    super(new TConfiguration(end - from, TConfiguration.DEFAULT_MAX_FRAME_SIZE, MAX_DEPTH));
    this.bytes = bytes;
    this.position = from;
    this.end = end;
  }

  /** Reads fields from a protocol. */
  public interface Structure {
    void read(TProtocol protocol) throws TException;
  }

  /** Reads a structure from a range; returns its end. */
  public static int read(Structure into, byte[] bytes, int from, int end) {
    return read(into, bytes, from, end, new FooterMemory());
  }

  /** Reads a structure within a limit of memory. */
  public static int read(Structure into, byte[] bytes, int from, int end, FooterMemory memory) {
    try {
      FooterTransport transport = new FooterTransport(bytes, from, end);
      try {
        into.read(new FooterProtocol(transport, end - from, memory));
      } catch (TProtocolException e) {
        TTransport again = new FooterTransport(bytes, from, end);
        UnreadableFileException unknown = UnknownConstant.in(into, e, again, end - from);
        if (unknown != null) {
          throw unknown;
        }
        throw e;
      }
      return transport.position;
    } catch (UnreadableFileException e) {
      throw e;
    } catch (TException | RuntimeException | StackOverflowError e) {
      // An endlessly nested field overflows the stack of Thrift's skip, which has no depth limit.
      throw new UnreadableFileException("not a valid Thrift structure", e);
    } catch (OutOfMemoryError e) {
      throw UnreadableFileException.limit(
          "its structures exceed the free heap; increase the heap (-Xmx)");
    }
  }

  @Override
  public int read(byte[] to, int at, int length) throws TTransportException {
    if (length > end - position) {
      throw new TTransportException(
          TTransportException.END_OF_FILE, "the structure exceeds the available bytes");
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
