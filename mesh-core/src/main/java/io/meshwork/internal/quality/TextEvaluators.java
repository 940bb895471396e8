package io.meshwork.internal.quality;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import io.meshwork.internal.text.UnicodeText;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.ListVector;
import io.meshwork.internal.vector.MapVector;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.Vector;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Evaluates the length and the pattern of text and bytes. */
final class TextEvaluators {
  private TextEvaluators() {}

  static boolean startsCodePoint(byte unit) {
    return (unit & 0xC0) != 0x80;
  }

  /** Measures text in code points, bytes in bytes, lists and maps in entries. */
  static final class Length extends ValueEvaluator {
    private final boolean text;
    private final long min;
    private final long max;

    Length(boolean text, long min, long max) {
      this.text = text;
      this.min = min;
      this.max = max;
    }

    @Override
    void values(Vector vector, RowMask skip, RowMask failing) {
      if (!(vector instanceof BytesVector bytes)) {
        counts(vector, failing);
        return;
      }
      boolean counting = text && !bytes.isAscii();
      if (!counting && allWithin(bytes.offsets(), bytes.size())) {
        return;
      }
      for (int row = 0; row < bytes.size(); row++) {
        int length = bytes.length(row);
        if (counting) {
          byte[] data = bytes.data();
          int end = bytes.start(row) + length;
          length = 0;
          for (int i = bytes.start(row); i < end; i++) {
            length += startsCodePoint(data[i]) ? 1 : 0;
          }
        }
        if ((length < min || length > max) && !bytes.isNull(row)) {
          failing.set(row);
        }
      }
    }

    /** Returns true if all rows have a valid length, nulls too, whose length is 0. */
    private boolean allWithin(int[] offsets, int rows) {
      int shortest = Integer.MAX_VALUE;
      int longest = 0;
      for (int row = 0; row < rows; row++) {
        int length = offsets[row + 1] - offsets[row];
        shortest = Math.min(shortest, length);
        longest = Math.max(longest, length);
      }
      return rows == 0 || (shortest >= min && longest <= max);
    }

    private void counts(Vector vector, RowMask failing) {
      for (int row = 0; row < vector.size(); row++) {
        int length =
            vector instanceof ListVector lists
                ? lists.length(row)
                : ((MapVector) vector).length(row);
        if ((length < min || length > max) && !vector.isNull(row)) {
          failing.set(row);
        }
      }
    }
  }

  /** Matches text against a set after removing white space at both ends. */
  static final class TrimmedText extends ValueEvaluator {
    private final ByteStrings refused;

    TrimmedText(List<String> refused) {
      this.refused =
          ByteStrings.of(
              refused.stream().map(t -> t.strip().getBytes(StandardCharsets.UTF_8)).toList());
    }

    @Override
    void values(Vector vector, RowMask skip, RowMask failing) {
      BytesVector bytes = (BytesVector) vector;
      for (int row = 0; row < bytes.size(); row++) {
        if (!bytes.isNull(row) && isRefused(bytes.data(), bytes.start(row), bytes.length(row))) {
          failing.set(row);
        }
      }
    }

    private boolean isRefused(byte[] data, int from, int count) {
      int start = from;
      int end = from + count;
      while (start < end && data[start] >= 0 && Character.isWhitespace(data[start])) {
        start++;
      }
      while (end > start && data[end - 1] >= 0 && Character.isWhitespace(data[end - 1])) {
        end--;
      }
      if (start < end && (data[start] < 0 || data[end - 1] < 0)) {
        // White space beyond ASCII is rare, so creating a string for it is acceptable.
        String text = new String(data, start, end - start, StandardCharsets.UTF_8).strip();
        byte[] stripped = text.getBytes(StandardCharsets.UTF_8);
        return refused.holds(stripped, 0, stripped.length);
      }
      return refused.holds(data, start, end - start);
    }
  }

  /** Matches the entire text; ASCII is matched in place. */
  static final class Expression extends ValueEvaluator {
    private final Matcher matcher;
    private final @Nullable AsciiPattern plain;
    private final AsciiText view = new AsciiText();

    Expression(String regex) {
      matcher = Pattern.compile(regex).matcher("");
      plain = AsciiPattern.of(regex);
    }

    @Override
    void values(Vector vector, RowMask skip, RowMask failing) {
      BytesVector bytes = (BytesVector) vector;
      boolean ascii = bytes.isAscii();
      FixedPattern fixed = ascii && plain != null ? plain.fixed() : null;
      if (fixed != null && skip.isEmpty() && haveLength(fixed.length(), bytes)) {
        matchAll(fixed, bytes, failing);
        return;
      }
      for (int row = 0; row < bytes.size(); row++) {
        if (bytes.isNull(row) || skip.get(row)) {
          continue;
        }
        int start = bytes.start(row);
        int length = bytes.length(row);
        if (!matches(bytes.data(), start, length, ascii)) {
          failing.set(row);
        }
      }
    }

    private static boolean haveLength(int length, BytesVector bytes) {
      int[] offsets = bytes.offsets();
      int differences = 0;
      for (int row = 0; row < bytes.size(); row++) {
        differences |= (offsets[row + 1] - offsets[row]) ^ length;
      }
      return differences == 0;
    }

    /** Matches strings of one length, none of which is null. */
    private static void matchAll(FixedPattern fixed, BytesVector bytes, RowMask failing) {
      for (int first = 0; first < bytes.size(); first += Long.SIZE) {
        int count = Math.min(Long.SIZE, bytes.size() - first);
        long bits = fixed.failing(bytes.data(), bytes.start(first), count);
        for (; bits != 0; bits &= bits - 1) {
          failing.set(first + Long.numberOfTrailingZeros(bits));
        }
      }
    }

    private boolean matches(byte[] data, int start, int length, boolean ascii) {
      if (!ascii && !UnicodeText.isAscii(data, start, length)) {
        return matcher.reset(new String(data, start, length, StandardCharsets.UTF_8)).matches();
      }
      return plain != null
          ? plain.matches(data, start, length)
          : matcher.reset(view.over(data, start, length)).matches();
    }
  }

  /** ASCII bytes as characters, without a copy. */
  private static final class AsciiText implements CharSequence {
    private byte[] data = new byte[0];
    private int start;
    private int length;

    AsciiText over(byte[] bytes, int from, int count) {
      data = bytes;
      start = from;
      length = count;
      return this;
    }

    @Override
    public int length() {
      return length;
    }

    @Override
    public char charAt(int index) {
      return (char) data[start + index];
    }

    @Override
    public CharSequence subSequence(int from, int to) {
      return toString().substring(from, to);
    }

    @Override
    public String toString() {
      return new String(data, start, length, StandardCharsets.US_ASCII);
    }
  }
}
