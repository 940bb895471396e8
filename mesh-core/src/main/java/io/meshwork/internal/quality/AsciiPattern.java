package io.meshwork.internal.quality;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Matches simple regular expressions on bytes: a sequence of at most 63 characters and character
 * classes with quantifiers, without groups and alternatives. All positions that a string may have
 * reached are the bits of one long (extended Shift-And algorithm), so each byte costs a shift and a
 * lookup. Matches ASCII text only, with the semantics of RE2, whose library matches everything
 * else.
 */
final class AsciiPattern {
  private static final int MAX_POSITIONS = 63;
  private static final int MANY = Integer.MAX_VALUE;
  private static final String META = "\\.[]{}()*+?^$|";

  /**
   * Bit {@code i} of an entry is set if the character matches at position {@code i}; positions
   * count from 1.
   */
  private final long[] accepts = new long[128];

  private final int places;
  private final long repeatable;
  private final long optional;
  private final @Nullable FixedPattern fixed;

  private AsciiPattern(List<Place> sequence) {
    places = sequence.size();
    long repeat = 0;
    long skip = 0;
    for (int i = 0; i < places; i++) {
      Place place = sequence.get(i);
      long bit = 1L << (i + 1);
      for (int c = place.characters.nextSetBit(0); c >= 0; c = place.characters.nextSetBit(c + 1)) {
        accepts[c] |= bit;
      }
      repeat |= place.repeatable ? bit : 0;
      skip |= place.optional ? bit : 0;
    }
    repeatable = repeat;
    optional = skip;
    fixed =
        repeat == 0 && skip == 0
            ? FixedPattern.of(sequence.stream().map(Place::characters).toList())
            : null;
  }

  /** Returns the pattern of an expression that RE2 accepts; null if it is not simple enough. */
  static @Nullable AsciiPattern of(String regex) {
    List<Place> sequence = new Parser(regex).parse();
    return sequence == null || sequence.size() > MAX_POSITIONS ? null : new AsciiPattern(sequence);
  }

  /** Returns the same pattern for many strings of one length; null if there is none. */
  @Nullable FixedPattern fixed() {
    return fixed;
  }

  /** Returns true if the entire text matches; the bytes must be ASCII. */
  boolean matches(byte[] data, int start, int length) {
    return (repeatable == 0 && optional == 0)
        ? matchesByPosition(data, start, length)
        : matchesWithAutomaton(data, start, length);
  }

  private boolean matchesByPosition(byte[] data, int start, int length) {
    if (length != places) {
      return false;
    }
    long all = 1;
    for (int i = 0; i < length; i++) {
      all &= accepts[data[start + i]] >>> (i + 1);
    }
    return all == 1;
  }

  private boolean matchesWithAutomaton(byte[] data, int start, int length) {
    long reached = skipped(1);
    for (int i = 0; i < length && reached != 0; i++) {
      reached = skipped(((reached << 1) | (reached & repeatable)) & accepts[data[start + i]]);
    }
    return (reached >>> places & 1) == 1;
  }

  /** Returns the positions reached if optional ones are skipped. */
  private long skipped(long reached) {
    long now = reached;
    long before;
    do {
      before = now;
      now |= (now << 1) & optional;
    } while (now != before);
    return now;
  }

  /** One position of the sequence. */
  private record Place(BitSet characters, boolean repeatable, boolean optional) {}

  /** Parses the supported part of RE2's syntax; returns null for everything else. */
  private static final class Parser {
    private final String regex;
    private int at;

    Parser(String regex) {
      this.regex = regex;
    }

    @Nullable List<Place> parse() {
      List<Place> sequence = new ArrayList<>();
      if (regex.startsWith("^")) {
        at++;
      }
      while (at < regex.length()) {
        if (regex.charAt(at) == '$' && at == regex.length() - 1) {
          return sequence;
        }
        BitSet characters = atom();
        if (characters == null || !append(sequence, characters)) {
          return null;
        }
      }
      return sequence;
    }

    private @Nullable BitSet atom() {
      char c = regex.charAt(at++);
      if (c == '[') {
        return characterClass();
      } else if (c == '\\') {
        return escaped();
      } else if (c == '.') {
        return except(single('\n'));
      }
      return META.indexOf(c) >= 0 || c > 127 ? null : single(c);
    }

    private @Nullable BitSet escaped() {
      if (at == regex.length()) {
        return null;
      }
      char c = regex.charAt(at++);
      return switch (c) {
        case 'd' -> range('0', '9');
        case 'D' -> except(range('0', '9'));
        case 'w' -> word();
        case 'W' -> except(word());
        case 's' -> space();
        case 'S' -> except(space());
        default -> c < 128 && !Character.isLetterOrDigit(c) && c != '_' ? single(c) : null;
      };
    }

    private @Nullable BitSet characterClass() {
      boolean negated = at < regex.length() && regex.charAt(at) == '^';
      at += negated ? 1 : 0;
      BitSet characters = new BitSet(128);
      int first = at;
      while (at < regex.length() && (regex.charAt(at) != ']' || at == first)) {
        char c = regex.charAt(at++);
        if (c == '[' || c > 127 || (c == ']' && at == first + 1)) {
          return null;
        }
        BitSet members = c == '\\' ? escaped() : single(c);
        if (members == null) {
          return null;
        }
        if (members.cardinality() == 1
            && at + 1 < regex.length()
            && regex.charAt(at) == '-'
            && regex.charAt(at + 1) != ']') {
          char last = regex.charAt(at + 1);
          at += 2;
          if (last == '\\' || last == '[' || last > 127) {
            return null;
          }
          members = range((char) members.nextSetBit(0), last);
        }
        characters.or(members);
      }
      if (at++ >= regex.length()) {
        return null;
      }
      return negated ? except(characters) : characters;
    }

    /** Appends an atom with its quantifier. */
    private boolean append(List<Place> sequence, BitSet characters) {
      int min = 1;
      int max = 1;
      if (at < regex.length()) {
        char c = regex.charAt(at);
        if (c == '?' || c == '*' || c == '+') {
          at++;
          min = c == '+' ? 1 : 0;
          max = c == '?' ? 1 : MANY;
        } else if (c == '{') {
          int end = regex.indexOf('}', at);
          if (end < 0 || !regex.substring(at + 1, end).matches("[0-9]{1,4}(,[0-9]{0,4})?")) {
            return false;
          }
          String[] counts = regex.substring(at + 1, end).split(",", -1);
          at = end + 1;
          min = Integer.parseInt(counts[0]);
          max = counts.length == 1 ? min : counts[1].isEmpty() ? MANY : Integer.parseInt(counts[1]);
        }
        if ((min != 1 || max != 1) && at < regex.length()) {
          char next = regex.charAt(at);
          if (next == '?') {
            at++; // A lazy quantifier matches the same strings if the entire string must match.
          } else if (next == '*' || next == '+' || next == '{') {
            return false;
          }
        }
      }
      if (min > MAX_POSITIONS || (max != MANY && max > MAX_POSITIONS)) {
        return false;
      }
      for (int i = 0; i < min; i++) {
        sequence.add(new Place(characters, max == MANY && i == min - 1, false));
      }
      if (max == MANY && min == 0) {
        sequence.add(new Place(characters, true, true));
      }
      for (int i = min; max != MANY && i < max; i++) {
        sequence.add(new Place(characters, false, true));
      }
      return true;
    }

    private static BitSet single(char c) {
      return range(c, c);
    }

    private static BitSet range(char first, char last) {
      BitSet set = new BitSet(128);
      if (first <= last) {
        set.set(first, last + 1);
      }
      return set;
    }

    private static BitSet word() {
      BitSet set = range('a', 'z');
      set.or(range('A', 'Z'));
      set.or(range('0', '9'));
      set.set('_');
      return set;
    }

    private static BitSet space() {
      BitSet set = new BitSet(128);
      for (char c : new char[] {'\t', '\n', '\f', '\r', ' '}) {
        set.set(c);
      }
      return set;
    }

    private static BitSet except(BitSet characters) {
      BitSet set = new BitSet(128);
      set.set(0, 128);
      set.andNot(characters);
      return set;
    }
  }
}
