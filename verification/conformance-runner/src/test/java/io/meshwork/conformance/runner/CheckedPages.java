package io.meshwork.conformance.runner;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.BitSet;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;

/** The bytes of a Parquet file that the checksums in its page headers cover. */
final class CheckedPages {
  private final byte[] file;
  private final BitSet covered = new BitSet();

  /** Finds the pages, with parquet-java's reader of footers and headers. */
  CheckedPages(byte[] file) throws IOException {
    this.file = file;
    int footer = footer(file);
    FileMetaData metadata =
        Util.readFileMetaData(new ByteArrayInputStream(file, footer, file.length - 8 - footer));
    for (RowGroup group : metadata.getRow_groups()) {
      for (ColumnChunk chunk : group.getColumns()) {
        coverPages(chunk.getMeta_data());
      }
    }
  }

  /** Returns the offset of a file's footer. */
  static int footer(byte[] file) {
    int at = file.length - 8;
    int length =
        (file[at] & 0xFF)
            | (file[at + 1] & 0xFF) << 8
            | (file[at + 2] & 0xFF) << 16
            | file[at + 3] << 24;
    return at - length;
  }

  private void coverPages(ColumnMetaData chunk) throws IOException {
    long start = chunk.getData_page_offset();
    if (chunk.isSetDictionary_page_offset() && chunk.getDictionary_page_offset() > 0) {
      start = Math.min(start, chunk.getDictionary_page_offset());
    }
    int position = Math.toIntExact(start);
    int end = Math.toIntExact(start + chunk.getTotal_compressed_size());
    while (position < end) {
      ByteArrayInputStream bytes = new ByteArrayInputStream(file, position, end - position);
      PageHeader header = Util.readPageHeader(bytes);
      int body = end - bytes.available();
      position = body + header.getCompressed_page_size();
      if (header.isSetCrc()) {
        covered.set(body, position);
      }
    }
    if (position != end) {
      throw new IOException("the pages of a column chunk end at " + position + ", not at " + end);
    }
  }

  /** Returns the offsets of the covered bytes. */
  int[] offsets() {
    return covered.stream().toArray();
  }

  /** Returns true if another file differs from this one in covered bytes only. */
  boolean coverChanges(byte[] changed) {
    if (changed.length != file.length) {
      return false;
    }
    for (int at = 0; at < file.length; at++) {
      if (changed[at] != file[at] && !covered.get(at)) {
        return false;
      }
    }
    return true;
  }
}
