package io.meshwork.walk;

import io.meshwork.error.MeshException;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Answers as texts, in which IDs, times, and hashes are numbered in the order of appearance. */
final class AnswerText {
  private static final int MOST_ELEMENTS = 100;

  /** Times, and words of at least 10 characters that have a digit. */
  private static final Pattern GENERATED =
      Pattern.compile(
          "\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z|@[0-9a-f]{4,}\\b"
              + "|\\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\b"
              + "|\\b(?=[a-zA-Z]*\\d)[0-9a-zA-Z]{10,}\\b|/0x[0-9a-f]+");

  private AnswerText() {}

  static String of(@Nullable Object value) {
    return normalized(text(value));
  }

  static String arguments(@Nullable Object[] values) {
    List<String> texts = new ArrayList<>();
    for (Object value : values) {
      texts.add(
          value instanceof java.lang.reflect.Proxy || value instanceof java.io.OutputStream
              ? "function"
              : text(value));
    }
    return texts.toString();
  }

  static String normalized(String text) {
    Map<String, Integer> seen = new HashMap<>();
    return Matcher.quoteReplacement(
            GENERATED
                .matcher(text)
                .replaceAll(
                    match -> "#" + seen.computeIfAbsent(match.group(), each -> seen.size() + 1)))
        .replace("\\$", "$");
  }

  private static String text(@Nullable Object value) {
    if (value == null) {
      return "null";
    } else if (value instanceof MeshException e) {
      return e.getClass().getSimpleName() + " " + e.errorCode() + " " + e.getMessage();
    } else if (value instanceof NullPointerException) {
      return "NullPointerException"; // Its message is the JVM's, and differs once it is compiled.
    } else if (value instanceof Throwable e) {
      return e.getClass().getSimpleName() + " " + e.getMessage();
    } else if (value.getClass().isArray()) {
      List<@Nullable Object> elements = new ArrayList<>();
      for (int i = 0; i < Array.getLength(value); i++) {
        elements.add(Array.get(value, i));
      }
      return text(elements);
    } else if (value instanceof Map<?, ?> map) {
      Map<String, String> texts = new TreeMap<>();
      map.forEach((key, each) -> texts.put(text(key), text(each)));
      return texts.toString();
    } else if (value instanceof Iterable<?> elements && !(value instanceof java.nio.file.Path)) {
      return elements(elements);
    }
    String text = value.toString();
    return text.startsWith(value.getClass().getName() + "@")
        ? value.getClass().getSimpleName()
        : text;
  }

  private static String elements(Iterable<?> elements) {
    List<String> texts = new ArrayList<>();
    try {
      Iterator<?> iterator = elements.iterator();
      while (iterator.hasNext() && texts.size() < MOST_ELEMENTS) {
        texts.add(text(iterator.next()));
      }
    } catch (RuntimeException e) {
      texts.add(text(e));
    }
    // Lists are often in the order of IDs, which differ.
    texts.sort(Comparator.comparing(AnswerText::normalized));
    return texts.toString();
  }
}
