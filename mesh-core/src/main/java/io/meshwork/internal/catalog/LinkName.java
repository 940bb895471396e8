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
 * A link's name in a consumer's catalog: {@code database.table}, or a database alone that stands
 * for a whole domain. Both parts are names as AWS Glue takes them. Immutable.
 *
 * @param table empty if the database itself is the link
 */
public record LinkName(String database, Optional<String> table) {
  private static final int MOST_CHARACTERS = 255;
  private static final Pattern LEGAL = Pattern.compile("[a-z0-9_]+");

  /** Checks both parts. */
  public LinkName {
    check("database", database);
    table.ifPresent(name -> check("table", name));
  }

  /** True if a text can only mean a link: products have a slash, links have a dot. */
  public static boolean isMeantBy(CharSequence text) {
    return text.toString().indexOf('.') >= 0 && text.toString().indexOf('/') < 0;
  }

  /** True if a link can have this name. */
  public static boolean isLegal(CharSequence text) {
    String[] parts = text.toString().split("\\.", -1);
    return parts.length <= 2
        && Stream.of(parts)
            .allMatch(part -> part.length() <= MOST_CHARACTERS && LEGAL.matcher(part).matches());
  }

  /**
   * Parses {@code database} or {@code database.table}.
   *
   * @throws InvalidRequestException if it is null, has more dots, or a part breaks the grammar
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

  /** A table of the database. */
  public LinkName table(String name) {
    return new LinkName(database, Optional.of(name));
  }

  /** The database alone. */
  public LinkName whole() {
    return new LinkName(database, Optional.empty());
  }

  /**
   * Returns the name if Glue takes it.
   *
   * @param what what is being named, {@code database} or {@code table}
   * @throws InvalidRequestException if it does not match {@code [a-z0-9_]{1,255}}
   */
  public static String check(String what, @Nullable String name) {
    if (name == null || name.isBlank()) {
      throw Failure.of(MeshAction.of(Verb.NAME, "the " + what + " of a link"))
          .because("it is " + (name == null ? "null" : "blank"))
          .fix("Give it a name such as finance_db.")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
    String why =
        name.length() > MOST_CHARACTERS
            ? "it has " + name.length() + " characters and the limit is " + MOST_CHARACTERS
            : LEGAL.matcher(name).matches() ? "" : "it does not match [a-z0-9_]{1,255}";
    if (!why.isEmpty()) {
      String near = NameGrammar.storage(name.toLowerCase(Locale.ROOT));
      throw Failure.of(
              MeshAction.of(
                  Verb.USE,
                  "'" + NameGrammar.quoted(name) + "' as the name of a " + what + " of a link"))
          .because(why)
          .fix(
              (near.length() <= MOST_CHARACTERS && LEGAL.matcher(near).matches()
                  ? "Write it '" + near + "'."
                  : "Choose lower-case letters, digits and underscores, at most "
                      + MOST_CHARACTERS
                      + " characters, as AWS Glue takes them."))
          .invalidRequest(ErrorCode.NAME_INVALID);
    }
    return name;
  }

  @Override
  public String toString() {
    return database + table.map(name -> "." + name).orElse("");
  }
}
