package io.meshwork.internal.quality;

/** Whether bytes are UTF-8 as the Unicode standard defines it: shortest form, no surrogates. */
final class Utf8 {
  private Utf8() {}

  static boolean isAscii(byte[] bytes, int start, int length) {
    int end = start + length;
    int i = start;
    for (; i + Long.BYTES <= end; i += Long.BYTES) {
      if ((BigEndian.longAt(bytes, i) & 0x8080808080808080L) != 0) {
        return false;
      }
    }
    for (; i < end; i++) {
      if (bytes[i] < 0) {
        return false;
      }
    }
    return true;
  }

  static boolean isValid(byte[] bytes, int start, int length) {
    int end = start + length;
    int i = start;
    while (i < end) {
      int first = bytes[i] & 0xFF;
      int more = first < 0x80 ? 0 : first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
      boolean noStart = first >= 0x80 && (first < 0xC2 || first > 0xF4);
      if (noStart || i + more >= end) {
        return false;
      }
      for (int j = 1; j <= more; j++) {
        if ((bytes[i + j] & 0xC0) != 0x80) {
          return false;
        }
      }
      int second = more == 0 ? 0 : bytes[i + 1] & 0xFF;
      if ((first == 0xE0 && second < 0xA0)
          || (first == 0xED && second > 0x9F)
          || (first == 0xF0 && second < 0x90)
          || (first == 0xF4 && second > 0x8F)) {
        return false;
      }
      i += more + 1;
    }
    return true;
  }
}
