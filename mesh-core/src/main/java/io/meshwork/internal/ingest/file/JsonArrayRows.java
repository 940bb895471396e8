package io.meshwork.internal.ingest.file;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.meshwork.internal.rows.TextRow;
import io.meshwork.internal.rows.TextRowParser;
import io.meshwork.publish.Publish.FileFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of a file that is one JSON array of objects. Each object succeeds or fails alone. */
public final class JsonArrayRows extends FileRows {
  private static final int[] NO_MARK = {};

  private final TextRowParser rows;
  private final String readAs;
  private final JsonParser in;
  private long line = 1;

  public JsonArrayRows(Path file, List<Path> all, FileFormat.Text<?> format, ColumnTarget target) {
    super(file, all, target.action());
    TextFiles texts = new TextFiles(format, target.declared());
    this.rows = texts.parser(target.ignoringUnknownColumns(), target.action());
    this.readAs = texts.described();
    InputStream content = open(file);
    try {
      this.in = TextRowParser.json(content);
      in.nextToken();
    } catch (JsonProcessingException e) {
      close(content);
      throw notAnArray();
    } catch (IOException e) {
      close(content);
      throw failed(e);
    }
  }

  /** True if the first character of a file starts an array, after a byte order mark or none. */
  public static boolean isArray(InputStream content) throws IOException {
    int first = content.read();
    int[] rest =
        switch (first) {
          case 0xef -> new int[] {0xbb, 0xbf};
          case 0xff -> new int[] {0xfe};
          case 0xfe -> new int[] {0xff};
          default -> NO_MARK;
        };
    for (int each : rest) {
      if (content.read() != each) {
        return false;
      }
    }
    first = rest.length == 0 ? first : content.read();
    while (first == ' ' || first == '\n' || first == '\r' || first == '\t') {
      first = content.read();
    }
    return first == '[';
  }

  @Override
  public String readAs() {
    return readAs;
  }

  @Override
  public @Nullable Object next() {
    try {
      JsonToken token = in.nextToken();
      line = in.currentTokenLocation().getLineNr();
      if (token == JsonToken.END_ARRAY && in.nextToken() == null) {
        return null;
      } else if (token == JsonToken.START_OBJECT) {
        return rows.json(TextRowParser.text(in));
      } else if (token != null && (token.isScalarValue() || token == JsonToken.START_ARRAY)) {
        in.skipChildren();
        return TextRow.malformed("the element is not a JSON object");
      }
      throw notAnArray();
    } catch (StreamConstraintsException e) {
      throw malformed(
          "an element in or after line " + line + " exceeds a limit of depth or length",
          "Shorten its value, or write one JSON object in each line, of which this one is bad.");
    } catch (JsonProcessingException e) {
      throw notAnArray();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private RuntimeException notAnArray() {
    return malformed(
        "it is not one JSON array in or after line " + line,
        "Correct it, or write one JSON object in each line.");
  }

  @Override
  public long position() {
    return line;
  }

  @Override
  public void close() {
    close(in);
  }
}
