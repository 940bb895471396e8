package io.meshwork.internal.parquet.footer;

import java.nio.ByteBuffer;
import shaded.parquet.org.apache.thrift.TException;
import shaded.parquet.org.apache.thrift.protocol.TCompactProtocol;
import shaded.parquet.org.apache.thrift.protocol.TList;
import shaded.parquet.org.apache.thrift.protocol.TStruct;
import shaded.parquet.org.apache.thrift.transport.TTransport;

/** Reads Thrift structures, and counts the memory that they take. */
final class FooterProtocol extends TCompactProtocol {
  private final FooterMemory memory;

  FooterProtocol(TTransport transport, long size, FooterMemory memory) {
    super(transport, size, size);
    this.memory = memory;
  }

  @Override
  public TStruct readStructBegin() throws TException {
    memory.takeStructure();
    return super.readStructBegin();
  }

  @Override
  public TList readListBegin() throws TException {
    TList list = super.readListBegin();
    memory.takeList(list.size);
    return list;
  }

  @Override
  public String readString() throws TException {
    String text = super.readString();
    memory.takeBytes(text.length());
    return text;
  }

  @Override
  public ByteBuffer readBinary() throws TException {
    ByteBuffer bytes = super.readBinary();
    memory.takeBytes(bytes.remaining());
    return bytes;
  }
}
