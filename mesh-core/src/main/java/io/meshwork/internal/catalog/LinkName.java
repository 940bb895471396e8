package io.meshwork.internal.catalog;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.naming.NameGrammar;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The name of a link in a consumer's catalog: {@code database.table}, or a database alone for a
 * whole domain. AWS Glue accepts both parts as names. Immutable.
 *
 * @param table empty for the link of a whole domain
 */
public record LinkName(String database, Optional<String> table) {
  private static final int MAX_LENGTH = 255;
  private static final Pattern LEGAL = Pattern.compile("[a-z0-9_]+");

  /** Checks both parts. */
  public LinkName {
    check("database", database);
    table.ifPresent(name -> check("table", name));
  }

  /** True if a string has the form of a link name: links have a dot, products have a slash. */
  public static boolean isLinkName(CharSequence text) {
    return text.toString().indexOf('.') >= 0 && text.toString().indexOf('/') < 0;
  }

  /** True if this is a valid link name. */
  public static boolean isLegal(CharSequence text) {
    String[] parts = text.toString().split("\\.", -1);
    return parts.length <= 2
        && Stream.of(parts)
            .allMatch(part -> part.length() <= MAX_LENGTH && LEGAL.matcher(part).matches());
  }

  /**
   * Parses {@code database} or {@code database.table}.
   *
   * @throws InvalidRequestException if it is null, has more dots, or a part is invalid
   */
  public static LinkName of(@Nullable CharSequence text) {
    if (text == null) {
      throw Failure.of(MeshAction.of(Verb.NAME, "a link"))
          .because("argument 'link' is null")
          .fix("Specify it as database.table, such as finance_db.orders.")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
    String name = text.toString();
    int dot = name.indexOf('.');
    if (dot != name.lastIndexOf('.')) {
      throw Failure.of(MeshAction.of(Verb.NAME, "a link '" + NameGrammar.quoted(name) + "'"))
          .because("a link is written database.table with one dot, such as finance_db.orders")
          .invalidRequest(ErrorCode.NAME_INVALID);
    }
    return dot < 0
        ? new LinkName(name, Optional.empty())
        : new LinkName(name.substring(0, dot), Optional.of(name.substring(dot + 1)));
  }

  /** The name of a table in this database. */
  public LinkName table(String name) {
    return new LinkName(database, Optional.of(name));
  }

  /** The database alone. */
  public LinkName whole() {
    return new LinkName(database, Optional.empty());
  }

  /**
   * Returns the name if it is valid in Glue.
   *
   * @param what what is named: {@code database} or {@code table}
   * @throws InvalidRequestException if it does not match {@code [a-z0-9_]{1,255}}
   */
  public static String check(String what, @Nullable String name) {
    if (name == null || name.isBlank()) {
      throw Failure.of(MeshAction.of(Verb.NAME, "the " + what + " of a link"))
          .because("it is " + (name == null ? "null" : "blank"))
          .fix("Give it a name such as finance_db.")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
    String fault =
        name.length() > MAX_LENGTH
            ? "it has " + name.length() + " characters and the limit is " + MAX_LENGTH
            : LEGAL.matcher(name).matches() ? "" : "it does not match [a-z0-9_]{1,255}";
    if (!fault.isEmpty()) {
      String valid = NameGrammar.storage(name.toLowerCase(Locale.ROOT));
      throw Failure.of(
              MeshAction.of(
                  Verb.USE,
                  "'" + NameGrammar.quoted(name) + "' as the name of a " + what + " of a link"))
          .because(fault)
          .fix(
              (valid.length() <= MAX_LENGTH && LEGAL.matcher(valid).matches()
                  ? "Write it '" + valid + "'."
                  : "Use lower-case letters, digits, and underscores, at most "
                      + MAX_LENGTH
                      + " characters, as AWS Glue requires."))
          .invalidRequest(ErrorCode.NAME_INVALID);
    }
    return name;
  }

  @Override
  public String toString() {
    return database + table.map(name -> "." + name).orElse("");
  }
}
