package io.meshwork.internal.condition;

import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.text.NearestName;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Parses the condition with which the text of a rule starts, by the codec with its name. */
public final class ConditionParser {
  private static final int MAX_LENGTH = 100_000;

  /**
   * A condition in a string.
   *
   * @param condition the condition, whose columns are not checked
   * @param end the position after it
   */
  public record Result(RuleCondition condition, int end) {}

  private ConditionParser() {}

  /** Parses the condition at the start of the text. */
  public static Result parse(@Nullable String text) {
    if (text == null || text.length() > MAX_LENGTH) {
      throw invalid(text, "it is null or longer than " + MAX_LENGTH + " characters", "Shorten it.");
    }
    int open = text.indexOf('(');
    if (open <= 0) {
      throw invalid(text, "it has no arguments in parentheses", "Use the form kind(column, ...).");
    }
    String name = text.substring(0, open).trim();
    ConditionCodec<?> codec = ConditionCodecs.named().get(name);
    if (codec == null) {
      throw invalid(
          text, "'" + NameGrammar.quoted(name) + "' is not a kind of rule", suggestion(name));
    }
    RuleArguments arguments = RuleArguments.read(text, name, open + 1);
    return new Result(codec.reader().apply(arguments), arguments.end() + 1);
  }

  private static String suggestion(String name) {
    List<String> names = new ArrayList<>(ConditionCodecs.named().keySet());
    return NearestName.ignoringCase(name, names)
            .map(near -> "Did you mean '" + near + "'? ")
            .orElse("")
        + "The kinds are "
        + String.join(", ", names)
        + ".";
  }

  /** Returns the error of a malformed string. */
  static InvalidRequestException invalid(@Nullable String text, String reason, String fix) {
    return RuleFault.of("'" + NameGrammar.quoted(String.valueOf(text)) + "'", reason, fix);
  }
}
