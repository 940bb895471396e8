package io.meshwork.internal.erasure;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The strings and numbers in filters, which may identify a person. Immutable. */
final class FilterConstants {
  private static final Pattern CONSTANT =
      Pattern.compile("'(?:[^']|'')*'|(?<![\\w.])-?[0-9][0-9.]*(?:[eE][+-]?[0-9]+)?");

  private final Set<String> constants;

  private FilterConstants(Set<String> constants) {
    this.constants = constants;
  }

  /** The constants of these filters. */
  static FilterConstants of(Collection<String> filters) {
    Set<String> constants = new HashSet<>();
    filters.forEach(filter -> constants.addAll(in(filter)));
    return new FilterConstants(constants);
  }

  /** Returns true if a filter has one of these constants. */
  boolean anyIn(String filter) {
    return in(filter).stream().anyMatch(constants::contains);
  }

  private static Set<String> in(String filter) {
    Set<String> constants = new HashSet<>();
    Matcher matcher = CONSTANT.matcher(filter);
    while (matcher.find()) {
      constants.add(matcher.group());
    }
    return constants;
  }
}
