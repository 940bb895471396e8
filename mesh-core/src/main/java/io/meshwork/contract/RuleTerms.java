package io.meshwork.contract;

import io.meshwork.internal.condition.RuleCondition;
import io.meshwork.internal.condition.RuleLiterals;
import io.meshwork.internal.condition.RuleWords;
import java.math.BigDecimal;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The parts of a rule. They are set only while a rule is created; a rule never changes them. */
final class RuleTerms {
  RuleCondition condition;
  Rule.Severity severity;
  @Nullable BigDecimal toleratedPercent;
  long toleratedRows;
  Rule.@Nullable Dimension dimension;
  Rule.@Nullable Scope scope;
  @Nullable String filter;
  String description = "";
  @Nullable String id;

  RuleTerms(RuleCondition condition) {
    this.condition = condition;
    this.severity = Rule.Kind.of(condition).defaultSeverity();
  }

  private RuleTerms(RuleTerms other) {
    condition = other.condition;
    severity = other.severity;
    toleratedPercent = other.toleratedPercent;
    toleratedRows = other.toleratedRows;
    dimension = other.dimension;
    scope = other.scope;
    filter = other.filter;
    description = other.description;
    id = other.id;
  }

  /** Returns a copy with one changed part. */
  RuleTerms with(Consumer<RuleTerms> change) {
    RuleTerms copy = new RuleTerms(this);
    change.accept(copy);
    return copy;
  }

  /** Returns the rule as text, which {@link Rule#parse} reads. */
  String text() {
    return with(condition.text());
  }

  /** Returns the rule as people read it. */
  String words() {
    return with(RuleWords.of(condition));
  }

  private String with(String first) {
    StringBuilder text = new StringBuilder(first);
    if (scope != null) {
      text.append(" scope ").append(scope.text());
    }
    if (filter != null) {
      text.append(" where ").append(RuleLiterals.text(filter));
    }
    if (toleratedPercent != null && toleratedPercent.signum() > 0) {
      text.append(" failing <= ").append(toleratedPercent.toPlainString()).append(" percent");
    } else if (toleratedRows > 0) {
      text.append(" failing <= ").append(toleratedRows).append(" rows");
    }
    return text.toString();
  }
}
