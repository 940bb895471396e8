package io.meshwork.internal.testkit.samples;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Generates strings that probably match a regular expression in RE2's syntax: literals, classes,
 * groups, alternatives, repetitions, escapes. Anchors, word boundaries and flags are ignored, so
 * callers must check the strings. Immutable.
 */
final class MatchingText {
  /** The characters for classes that match any character, or all except some. */
  private static final String PRINTABLE =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 _-.,:;!?@#%&/+*=()[]{}<>\t";

  private final Node root;

  private MatchingText(Node root) {
    this.root = root;
  }

  /** A part of an expression, which writes a matching text. */
  @FunctionalInterface
  private interface Node {
    /**
     * @param reach the maximum number of repetitions above the minimum, if they are unlimited
     */
    void write(StringBuilder text, Random random, int reach);
  }

  /**
   * Parses an expression of a contract.
   *
   * @throws IllegalArgumentException if it uses an unsupported feature; names the feature
   */
  static MatchingText of(String regex) {
    Reader reader = new Reader(regex);
    Node root = reader.alternatives();
    if (reader.more()) {
      throw reader.unsupported("')'");
    }
    return new MatchingText(root);
  }

  /** Returns a string that probably matches; a greater reach gives longer strings. */
  String next(Random random, int reach) {
    StringBuilder text = new StringBuilder();
    root.write(text, random, reach);
    return text.toString();
  }

  /** Parses the expression from left to right. */
  private static final class Reader {
    private final String regex;
    private int at;

    Reader(String regex) {
      this.regex = regex;
    }

    boolean more() {
      return at < regex.length();
    }

    Node alternatives() {
      List<Node> all = new ArrayList<>();
      all.add(sequence());
      while (accept("|")) {
        all.add(sequence());
      }
      return all.size() == 1
          ? all.get(0)
          : (text, random, reach) -> all.get(random.nextInt(all.size())).write(text, random, reach);
    }

    private Node sequence() {
      List<Node> all = new ArrayList<>();
      while (more() && regex.charAt(at) != '|' && regex.charAt(at) != ')') {
        all.add(counted(atom()));
      }
      return (text, random, reach) -> all.forEach(node -> node.write(text, random, reach));
    }

    private Node atom() {
      int c = take();
      return switch (c) {
        case '(' -> group();
        case '[' -> oneOf(set());
        case '\\' -> escape();
        case '.' -> oneOf(any -> true);
        case '^', '$' -> nothing();
        default -> literal(c);
      };
    }

    private Node group() {
      if (accept("?")) {
        if (accept("P<") || accept("<")) {
          at = regex.indexOf('>', at) + 1;
        } else {
          while (more() && regex.charAt(at) != ':' && regex.charAt(at) != ')') {
            at++;
          }
          if (accept(")")) {
            return nothing();
          }
          at++;
        }
      }
      Node inner = alternatives();
      if (!accept(")")) {
        throw unsupported("a group without end");
      }
      return inner;
    }

    private Node escape() {
      int c = take();
      switch (c) {
        case 'A', 'z', 'b', 'B':
          return nothing();
        case 'Q':
          int end = regex.indexOf("\\E", at);
          String quoted = regex.substring(at, end < 0 ? regex.length() : end);
          at = end < 0 ? regex.length() : end + 2;
          return (text, random, reach) -> text.append(quoted);
        default:
          IntPredicate kind = kind(c);
          return kind == null ? literal(escaped(c)) : oneOf(kind);
      }
    }

    private IntPredicate set() {
      boolean negated = accept("^");
      IntPredicate any = c -> false;
      boolean first = true;
      while (first || regex.charAt(at) != ']') {
        first = false;
        any = any.or(member());
        if (!more()) {
          throw unsupported("a class without end");
        }
      }
      at++;
      return negated ? any.negate() : any;
    }

    private IntPredicate member() {
      if (accept("[:")) {
        int end = regex.indexOf(":]", at);
        String name = regex.substring(at, end);
        at = end + 2;
        return posix(name);
      }
      int low = take();
      if (low == '\\') {
        int c = take();
        IntPredicate kind = kind(c);
        if (kind != null) {
          return kind;
        }
        low = escaped(c);
      }
      int from = low;
      if (at + 1 < regex.length() && regex.charAt(at) == '-' && regex.charAt(at + 1) != ']') {
        at++;
        int high = take();
        int to = high == '\\' ? escaped(take()) : high;
        return c -> from <= c && c <= to;
      }
      return c -> c == from;
    }

    private Node counted(Node node) {
      int least = 1;
      int most = 1;
      if (accept("*")) {
        least = 0;
        most = Integer.MAX_VALUE;
      } else if (accept("+")) {
        most = Integer.MAX_VALUE;
      } else if (accept("?")) {
        least = 0;
      } else if (more() && regex.startsWith("{", at) && regex.indexOf('}', at) > 0) {
        String[] counts = regex.substring(at + 1, regex.indexOf('}', at)).split(",", -1);
        at = regex.indexOf('}', at) + 1;
        least = Integer.parseInt(counts[0].strip());
        most =
            counts.length == 1
                ? least
                : counts[1].isBlank() ? Integer.MAX_VALUE : Integer.parseInt(counts[1].strip());
      } else {
        return node;
      }
      accept("?"); // lazy or greedy makes no difference
      return repeated(node, least, most);
    }

    private static Node repeated(Node node, int least, int most) {
      return (text, random, reach) -> {
        int limit = (int) Math.min(most, (long) least + reach);
        int count = least + random.nextInt(limit - least + 1);
        for (int i = 0; i < count; i++) {
          node.write(text, random, reach);
        }
      };
    }

    /** Returns the characters of a class letter; null if the letter is not a class. */
    private @Nullable IntPredicate kind(int letter) {
      return switch (letter) {
        case 'd' -> Reader::isDigit;
        case 'D' -> c -> !isDigit(c);
        case 'w' -> Reader::isWord;
        case 'W' -> c -> !isWord(c);
        case 's' -> c -> c == ' ' || c == '\t';
        case 'S' -> c -> c != ' ' && c != '\t';
        case 'p', 'P' -> property(letter == 'P');
        default -> null;
      };
    }

    private IntPredicate property(boolean negated) {
      String name;
      if (accept("{")) {
        int end = regex.indexOf('}', at);
        name = regex.substring(at, end);
        at = end + 1;
      } else {
        name = String.valueOf((char) take());
      }
      boolean not = negated ^ name.startsWith("^");
      IntPredicate members =
          switch (name.replace("^", "")) {
            case "L", "Latin" -> Reader::isLetter;
            case "Lu" -> c -> c >= 'A' && c <= 'Z';
            case "Ll" -> c -> c >= 'a' && c <= 'z';
            case "N", "Nd" -> Reader::isDigit;
            default -> throw unsupported("the property " + name);
          };
      return not ? members.negate() : members;
    }

    private IntPredicate posix(String name) {
      return switch (name.toLowerCase(Locale.ROOT)) {
        case "alpha" -> Reader::isLetter;
        case "digit" -> Reader::isDigit;
        case "alnum" -> c -> isLetter(c) || isDigit(c);
        case "word" -> Reader::isWord;
        case "upper" -> c -> c >= 'A' && c <= 'Z';
        case "lower" -> c -> c >= 'a' && c <= 'z';
        case "xdigit" -> c -> Character.digit(c, 16) >= 0;
        case "space" -> c -> c == ' ' || c == '\t';
        default -> throw unsupported("the class " + name);
      };
    }

    private int escaped(int letter) {
      return switch (letter) {
        case 'n' -> '\n';
        case 't' -> '\t';
        case 'r' -> '\r';
        case 'f' -> '\f';
        case 'x' -> hexadecimal();
        default -> {
          if (isLetter(letter) || isDigit(letter)) {
            throw unsupported("the escape \\" + (char) letter);
          }
          yield letter;
        }
      };
    }

    private int hexadecimal() {
      int end = accept("{") ? regex.indexOf('}', at) : at + 2;
      int code = Integer.parseInt(regex.substring(at, end), 16);
      at = end < regex.length() && regex.charAt(end) == '}' ? end + 1 : end;
      return code;
    }

    private Node oneOf(IntPredicate members) {
      int[] fitting = PRINTABLE.chars().filter(members).toArray();
      int[] all =
          fitting.length > 0 ? fitting : IntStream.range(1, 0x3000).filter(members).toArray();
      if (all.length == 0) {
        throw unsupported("a class without a usual character");
      }
      return (text, random, reach) -> text.appendCodePoint(all[random.nextInt(all.length)]);
    }

    private static Node literal(int c) {
      return (text, random, reach) -> text.appendCodePoint(c);
    }

    private static Node nothing() {
      return (text, random, reach) -> {};
    }

    private static boolean isDigit(int c) {
      return c >= '0' && c <= '9';
    }

    private static boolean isLetter(int c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static boolean isWord(int c) {
      return isLetter(c) || isDigit(c) || c == '_';
    }

    private int take() {
      if (!more()) {
        throw unsupported("an unexpected end");
      }
      int c = regex.codePointAt(at);
      at += Character.charCount(c);
      return c;
    }

    private boolean accept(String next) {
      if (!regex.startsWith(next, at)) {
        return false;
      }
      at += next.length();
      return true;
    }

    IllegalArgumentException unsupported(String what) {
      return new IllegalArgumentException(
          "Cannot generate strings for the expression " + regex + ": it has " + what + " at " + at);
    }
  }
}
