package io.meshwork.internal.conformance.input;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.Util;

/** Writes false metadata into intact Parquet files, in well-formed Thrift. */
final class LyingParquet {
  /** The number of bytes of the footer length and of the magic number after it. */
  private static final int END = 8;

  private LyingParquet() {}

  /** Returns the file with another footer. */
  static BadFiles.Bytes withFooter(Consumer<FileMetaData> lie) {
    return whole -> {
      FileMetaData footer = footer(whole);
      lie.accept(footer);
      return file(whole, new byte[0], footer);
    };
  }

  /** Returns the file with this row count in every part of the metadata. */
  static BadFiles.Bytes withRows(long rows) {
    return withFooter(
        footer -> {
          footer.setNum_rows(rows);
          footer.getRow_groups().get(0).setNum_rows(rows);
          footer
              .getRow_groups()
              .get(0)
              .getColumns()
              .forEach(column -> column.getMeta_data().setNum_values(rows));
        });
  }

  /** Returns the file with another header for the first page of the first column. */
  static BadFiles.Bytes withFirstPage(BiConsumer<PageHeader, ColumnMetaData> lie) {
    return whole -> {
      FileMetaData footer = footer(whole);
      ColumnMetaData column = footer.getRow_groups().get(0).getColumns().get(0).getMeta_data();
      int start = (int) firstPage(column);
      ByteArrayInputStream chunk =
          new ByteArrayInputStream(whole, start, (int) column.getTotal_compressed_size());
      PageHeader header = Util.readPageHeader(chunk);
      lie.accept(header, column);
      ByteArrayOutputStream moved = new ByteArrayOutputStream();
      Util.writePageHeader(header, moved);
      int longer = moved.size() - ((int) column.getTotal_compressed_size() - chunk.available());
      moved.write(chunk.readAllBytes());
      long away = footerStart(whole) - start;
      if (column.isSetDictionary_page_offset()) {
        column.setDictionary_page_offset(column.getDictionary_page_offset() + away);
        column.setData_page_offset(column.getData_page_offset() + away + longer);
      } else {
        column.setData_page_offset(column.getData_page_offset() + away);
      }
      column.setTotal_compressed_size(moved.size());
      return file(whole, moved.toByteArray(), footer);
    };
  }

  /** Returns the file with a changed last byte in the values of the first column. */
  static byte[] withFirstValuesBroken(byte[] whole) throws IOException {
    ColumnMetaData column = footer(whole).getRow_groups().get(0).getColumns().get(0).getMeta_data();
    byte[] broken = whole.clone();
    broken[(int) (firstPage(column) + column.getTotal_compressed_size()) - 1] ^= 1;
    return broken;
  }

  private static long firstPage(ColumnMetaData column) {
    return column.isSetDictionary_page_offset()
        ? column.getDictionary_page_offset()
        : column.getData_page_offset();
  }

  private static int footerStart(byte[] file) {
    return file.length - END - end(file).getInt();
  }

  private static ByteBuffer end(byte[] file) {
    return ByteBuffer.wrap(file, file.length - END, END).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static FileMetaData footer(byte[] file) throws IOException {
    int start = footerStart(file);
    return Util.readFileMetaData(new ByteArrayInputStream(file, start, file.length - END - start));
  }

  /** Returns a file of the data, additional bytes, and a footer. */
  private static byte[] file(byte[] whole, byte[] more, FileMetaData footer) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(whole, 0, footerStart(whole));
    out.write(more);
    int start = out.size();
    Util.writeFileMetaData(footer, out);
    out.write(
        ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(out.size() - start).array());
    out.write(whole, whole.length - 4, 4);
    return out.toByteArray();
  }
}
