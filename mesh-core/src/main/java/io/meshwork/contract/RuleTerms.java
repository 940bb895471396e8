package io.meshwork.contract;

import java.math.BigDecimal;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The parts of a rule. They are set only while a rule is created; a rule never changes them. */
final class RuleTerms {
  static final String AT_LEAST = "atLeast";
  static final String AT_MOST = "atMost";

  final Rule.Kind kind;
  final List<String> columns;
  final List<@Nullable Object> arguments;

  /** True if a range with one end was written as atLeast or atMost. */
  boolean oneSided;

  boolean exclusive;
  boolean trimmed;
  Rule.Severity severity = Rule.Severity.ERROR;
  @Nullable BigDecimal toleratedPercent;
  long toleratedRows;
  Rule.@Nullable Dimension dimension;
  Rule.@Nullable Scope scope;
  @Nullable String filter;
  @Nullable ZoneId zone;
  @Nullable String keepLatestBy;
  String description = "";
  @Nullable String id;

  RuleTerms(Rule.Kind kind, List<String> columns, List<@Nullable Object> arguments) {
    this.kind = kind;
    this.columns = List.copyOf(columns);
    this.arguments = Collections.unmodifiableList(new ArrayList<>(arguments));
  }

  private RuleTerms(RuleTerms other, List<String> columns) {
    kind = other.kind;
    this.columns = columns;
    arguments = other.arguments;
    oneSided = other.oneSided;
    exclusive = other.exclusive;
    trimmed = other.trimmed;
    severity = other.severity;
    toleratedPercent = other.toleratedPercent;
    toleratedRows = other.toleratedRows;
    dimension = other.dimension;
    scope = other.scope;
    filter = other.filter;
    zone = other.zone;
    keepLatestBy = other.keepLatestBy;
    description = other.description;
    id = other.id;
  }

  /** The name that the rule's text starts with: the kind, atLeast, or atMost. */
  String name() {
    if (!oneSided) {
      return kind.text();
    }
    return arguments.get(1) == null ? AT_LEAST : AT_MOST;
  }

  /** Returns a copy with one changed part. */
  RuleTerms with(Consumer<RuleTerms> change) {
    RuleTerms copy = new RuleTerms(this, columns);
    change.accept(copy);
    return copy;
  }

  /** Returns the same terms for columns under other names. A filter keeps its text. */
  RuleTerms renamed(UnaryOperator<String> names) {
    RuleTerms copy = new RuleTerms(this, columns.stream().map(names).toList());
    copy.keepLatestBy = keepLatestBy == null ? null : names.apply(keepLatestBy);
    return copy;
  }
}
