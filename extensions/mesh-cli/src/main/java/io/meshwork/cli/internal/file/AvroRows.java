package io.meshwork.cli.internal.file;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Iterator;
import org.apache.avro.Schema;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;

/** Writes rows as an Avro file. */
final class AvroRows {
  private AvroRows() {}

  static long write(OutputStream out, Schema ifEmpty, Iterable<GenericRecord> rows)
      throws IOException {
    Iterator<GenericRecord> all = rows.iterator();
    GenericRecord row = all.hasNext() ? all.next() : null;
    try (DataFileWriter<GenericRecord> writer =
        new DataFileWriter<GenericRecord>(new GenericDatumWriter<>())) {
      writer.setCodec(CodecFactory.deflateCodec(CodecFactory.DEFAULT_DEFLATE_LEVEL));
      writer.create(row == null ? ifEmpty : row.getSchema(), out);
      long count = 0;
      while (row != null) {
        writer.append(row);
        count++;
        row = all.hasNext() ? all.next() : null;
      }
      return count;
    }
  }
}
