package io.meshwork.portal.internal.text;

import io.meshwork.card.ProductCard;
import io.meshwork.contract.ContractDifference.Change;
import java.time.Duration;
import java.time.Period;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The changes of a contract, in words for people who never saw its file. */
public final class TermText {
  private static final String TERM = "The term ";

  private static final Map<String, String> TERMS =
      Map.ofEntries(
          Map.entry("onViolation", "What happens to rows that break a rule"),
          Map.entry("maxQuarantineShare", "Greatest share of rows in quarantine, in percent"),
          Map.entry("compatibility", "Changes that are allowed"),
          Map.entry("contacts", "Contacts"),
          Map.entry("repository", "Source"),
          Map.entry("usage", "Text on its usage"),
          Map.entry("limitations", "Text on its limits"),
          Map.entry("readers", "Intended readers"),
          Map.entry("description", "Description"),
          Map.entry("columnDescriptions", "Descriptions of columns"),
          Map.entry("extensions", "Settings of other tools"),
          Map.entry("unknown", "Parts for other tools"),
          Map.entry("contract", "Order of its parts"),
          Map.entry("purposes", "Allowed purposes"),
          Map.entry("price", "Price"),
          Map.entry("noticePeriod", "Notice before a breaking change"),
          Map.entry("fourEyes", "Second approval of a request"),
          Map.entry("freshWithin", "Promised age"),
          Map.entry("eventTime", "Column with the time of a row"),
          Map.entry("eventTimeZone", "Time zone of that column"),
          Map.entry("availability", "Promised availability, in percent"),
          Map.entry("retention", "How long rows are retained"),
          Map.entry("frequency", "Time between updates"),
          Map.entry("timeToNotify", "Time until consumers are notified"),
          Map.entry("maxLateness", "How late a row may come"),
          Map.entry("pollHorizon", "How long changes can be polled"));

  private TermText() {}

  /** Returns a change of a version; a change of columns or rules as the contract states it. */
  public static String of(Change change) {
    return change.what().startsWith(TERM) ? ofTerm(change) : change.what().replaceFirst("[.]$", "");
  }

  /** Returns what an amendment changes, and after which day. */
  public static String of(ProductCard.Amendment amendment) {
    return amendment.changes().stream().map(TermText::of).collect(Collectors.joining("; "))
        + ", after "
        + amendment.until();
  }

  /** Returns which version replaces which, as the start of a sentence. */
  public static String of(ProductCard.Replacement replacement) {
    return "Version " + replacement.successor() + " replaces version " + replacement.major();
  }

  private static String ofTerm(Change change) {
    String path = change.path();
    String name =
        TERMS.getOrDefault(path, path.substring(0, 1).toUpperCase(Locale.ROOT) + path.substring(1));
    return change.before() == null && change.after() == null
        ? change
            .what()
            .replaceFirst(
                TERM + Pattern.quote(path) + " (?:changes: |is worded differently: )?", name + ": ")
        : name + ": " + value(change.before()) + " \u2192 " + value(change.after());
  }

  private static String value(@Nullable String text) {
    if (text == null) {
      return "none";
    } else if (text.matches("[A-Z]+(_[A-Z]+)*")) {
      return text.toLowerCase(Locale.ROOT).replace('_', ' ');
    }
    return duration(text).or(() -> period(text)).orElse(text);
  }

  private static Optional<String> duration(String text) {
    try {
      return Optional.of(PageTime.text(Duration.parse(text)));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> period(String text) {
    try {
      return Optional.of(PeriodText.of(Period.parse(text)));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
