package io.meshwork.contract;

import io.meshwork.contract.Rule.Kind;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.runtime.NearestName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Parses the text form of a rule, by the codec with its name. */
final class RuleParser {
  private static final int MAX_LENGTH = 100_000;

  /** The codecs by the names that the text of a rule can start with, as errors list them. */
  private static final Map<String, ConditionCodec<?>> CODECS = codecs();

  private RuleParser() {}

  private static Map<String, ConditionCodec<?>> codecs() {
    Map<String, ConditionCodec<?>> codecs = new LinkedHashMap<>();
    for (Kind kind : Kind.values()) {
      codecs.put(kind.text(), kind.codec());
    }
    for (Kind kind : Kind.values()) {
      kind.codec().aliases().forEach(name -> codecs.put(name, kind.codec()));
    }
    return codecs;
  }

  static Rule parse(@Nullable String text) {
    if (text == null || text.length() > MAX_LENGTH) {
      throw invalid(text, "it is null or longer than " + MAX_LENGTH + " characters", "Shorten it.");
    }
    int open = text.indexOf('(');
    if (open <= 0) {
      throw invalid(text, "it has no arguments in parentheses", "Use the form kind(column, ...).");
    }
    String name = text.substring(0, open).trim();
    ConditionCodec<?> codec = CODECS.get(name);
    if (codec == null) {
      throw invalid(
          text, "'" + NameGrammar.quoted(name) + "' is not a kind of rule", suggestion(name));
    }
    RuleArguments arguments = RuleArguments.read(text, name, open + 1);
    Rule rule = Rule.of(codec.reader().apply(arguments));
    return new RuleClauseParser(text, arguments.end() + 1).parseOnto(rule);
  }

  private static String suggestion(String name) {
    List<String> names = new ArrayList<>(CODECS.keySet());
    return NearestName.ignoringCase(name, names)
            .map(near -> "Did you mean '" + near + "'? ")
            .orElse("")
        + "The kinds are "
        + String.join(", ", names)
        + ".";
  }

  /** Returns the error of a text that is malformed. */
  static InvalidRequestException invalid(@Nullable String text, String reason, String fix) {
    return Rule.invalid("'" + NameGrammar.quoted(String.valueOf(text)) + "'", reason, fix);
  }
}
