package io.meshwork.internal.ingest.file;

import io.meshwork.internal.rows.TextRow;
import io.meshwork.internal.rows.TextRowParser;
import io.meshwork.publish.Publish.FileFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of a file with one JSON object in each line. Each line succeeds or fails alone. */
public final class JsonLineRows extends FileRows {
  private final InputStream in;
  private final TextRowParser parser;
  private final String readAs;
  private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final byte[] buffer = new byte[1 << 16];
  private int position;
  private int limit;
  private long lineNumber;

  public JsonLineRows(Path file, List<Path> all, FileFormat.Text<?> format, ColumnTarget target) {
    super(file, all, target.action());
    TextFiles texts = new TextFiles(format, target.declared());
    this.parser = texts.parser(target.ignoringUnknownColumns(), target.action());
    this.readAs = texts.described();
    this.in = open(file);
  }

  @Override
  public String readAs() {
    return readAs;
  }

  @Override
  public @Nullable Object next() {
    try {
      while (fill()) {
        if (!readLine()) {
          return TextRow.malformed("the line has more than " + TextRowParser.MAX_LENGTH + " bytes");
        }
        String text = text();
        if (text == null) {
          return TextRow.malformed("the line is not UTF-8");
        }
        if (!text.isBlank()) {
          return parser.json(text);
        }
      }
      return null;
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** The text of the line, without a byte order mark in front of the first; null if not UTF-8. */
  private @Nullable String text() {
    try {
      CharBuffer text = utf8.decode(ByteBuffer.wrap(line.toByteArray()));
      boolean marked = lineNumber == 1 && !text.isEmpty() && text.charAt(0) == '\uFEFF';
      return marked ? text.subSequence(1, text.length()).toString() : text.toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  /** Reads to the end of the next line; returns false if it is too long. */
  private boolean readLine() throws IOException {
    boolean complete = true;
    line.reset();
    lineNumber++;
    while (fill()) {
      int end = position;
      while (end < limit && buffer[end] != '\n') {
        end++;
      }
      if (complete && line.size() + (end - position) <= TextRowParser.MAX_LENGTH) {
        line.write(buffer, position, end - position);
      } else {
        complete = false;
      }
      boolean ended = end < limit;
      position = ended ? end + 1 : end;
      if (ended) {
        return complete;
      }
    }
    return complete;
  }

  /** Makes at least one byte available; returns false at the end of the file. */
  private boolean fill() throws IOException {
    if (limit >= 0 && position == limit) {
      position = 0;
      limit = in.read(buffer);
    }
    return limit > 0;
  }

  @Override
  public long position() {
    return lineNumber;
  }

  @Override
  public void close() {
    close(in);
  }
}
