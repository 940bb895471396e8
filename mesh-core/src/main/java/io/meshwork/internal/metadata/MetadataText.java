package io.meshwork.internal.metadata;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Searches in the text of a metadata file, which is JSON in UTF-8. */
final class MetadataText {
  private MetadataText() {}

  /** Where the first occurrence of a string ends; -1 if there is none. */
  static int indexAfter(String text, byte[] file, int from) {
    byte[] wanted = text.getBytes(StandardCharsets.US_ASCII);
    for (int i = from; i <= file.length - wanted.length; i++) {
      int same = 0;
      while (same < wanted.length && file[i + same] == wanted[same]) {
        same++;
      }
      if (same == wanted.length) {
        return i + same;
      }
    }
    return -1;
  }

  static boolean hasAt(int place, byte[] text, byte[] file) {
    int end = place + text.length;
    return end <= file.length && Arrays.equals(text, 0, text.length, file, place, end);
  }

  /** Where a list has the bracket that ends it; -1 if it does not end. */
  static int endOfList(byte[] file, int start) {
    int depth = 0;
    for (int i = start; i < file.length; i++) {
      switch (file[i]) {
        case '"' -> i = endOfText(file, i);
        case '{', '[' -> depth++;
        case '}', ']' -> {
          if (depth-- == 0) {
            return i;
          }
        }
        default -> {}
      }
    }
    return -1;
  }

  /** One array after the other. */
  static byte[] joined(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  /** Where a quoted string ends, or the file. */
  static int endOfText(byte[] file, int start) {
    int i = start + 1;
    while (i < file.length && file[i] != '"') {
      i += file[i] == '\\' ? 2 : 1;
    }
    return i;
  }
}
