package io.meshwork.internal.condition;

import io.meshwork.internal.schema.ColumnPath;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the conditions of one kind from the text of rules, and checks whether they fit the columns
 * of a schema. A condition writes its own text.
 *
 * @param name the name of the kind, with which a rule's text starts
 * @param type the class of the conditions
 * @param reader reads a condition from the arguments of its text
 * @param fit whether a condition fits its columns
 * @param isForNested true if columns can be structs, lists, or maps
 * @param aliases other names that the text can start with
 */
record ConditionCodec<C extends RuleCondition>(
    String name,
    Class<C> type,
    Function<RuleArguments, C> reader,
    Fit<? super C> fit,
    boolean isForNested,
    List<String> aliases) {
  /** Whether conditions fit columns. */
  @FunctionalInterface
  interface Fit<C> {
    /**
     * Returns why a condition does not fit; null if it fits.
     *
     * @param columns at least one, in the order of the condition's columns
     */
    @Nullable String mismatch(C condition, List<ColumnPath> columns);
  }

  /** Returns a codec of conditions that fit columns of all primitive types. */
  static <C extends RuleCondition> ConditionCodec<C> of(
      String name, Class<C> type, Function<RuleArguments, C> reader) {
    return new ConditionCodec<>(name, type, reader, (condition, columns) -> null, false, List.of());
  }

  /** Returns the codec with a check of the columns. */
  ConditionCodec<C> fitting(Fit<? super C> check) {
    return new ConditionCodec<>(name, type, reader, check, isForNested, aliases);
  }

  /** Returns the codec of conditions whose columns can be structs, lists, or maps. */
  ConditionCodec<C> forNested() {
    return new ConditionCodec<>(name, type, reader, fit, true, aliases);
  }

  /** Returns the codec of conditions whose text can also start with these names. */
  ConditionCodec<C> alsoNamed(String... names) {
    return new ConditionCodec<>(name, type, reader, fit, isForNested, List.of(names));
  }

  /** Returns why a condition of this kind does not fit its columns; null if it fits. */
  @Nullable String mismatch(RuleCondition condition, List<ColumnPath> columns) {
    return fit.mismatch(type.cast(condition), columns);
  }
}
