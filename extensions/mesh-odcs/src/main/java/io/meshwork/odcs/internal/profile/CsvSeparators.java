package io.meshwork.odcs.internal.profile;

import io.meshwork.publish.Publish.FileFormat;
import java.nio.charset.StandardCharsets;

/** Detects the separator of a CSV file from its first line. */
public final class CsvSeparators {
  private static final String KNOWN = ",;\t|";

  private CsvSeparators() {}

  /** Returns the format with the separator that is most frequent outside quotes. */
  public static FileFormat detect(byte[] start) {
    String text = new String(start, StandardCharsets.UTF_8);
    int[] counts = new int[KNOWN.length()];
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (!quoted && (c == '\n' || c == '\r')) {
        break;
      } else if (!quoted && KNOWN.indexOf(c) >= 0) {
        counts[KNOWN.indexOf(c)]++;
      }
    }
    int best = 0;
    for (int i = 1; i < counts.length; i++) {
      best = counts[i] > counts[best] ? i : best;
    }
    return FileFormat.csv().separator(KNOWN.charAt(best));
  }
}
