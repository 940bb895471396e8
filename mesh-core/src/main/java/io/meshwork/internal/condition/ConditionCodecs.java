package io.meshwork.internal.condition;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The codecs of all conditions, in the order in which errors list their names. */
final class ConditionCodecs {
  private static final List<ConditionCodec<?>> ALL =
      List.of(
          RowCondition.NotNull.CODEC,
          RowCondition.NotMissing.CODEC,
          RowCondition.Between.CODEC,
          RowCondition.InSet.CODEC,
          RowCondition.NotInSet.CODEC,
          RowCondition.Matches.CODEC,
          RowCondition.Length.CODEC,
          RowCondition.Compare.CODEC,
          RowCondition.References.CODEC,
          RowCondition.Custom.CODEC,
          RuleCondition.Unique.CODEC,
          DatasetCondition.RowCountCondition.CODEC,
          DatasetCondition.Completeness.CODEC,
          DatasetCondition.DistinctValues.CODEC,
          DatasetCondition.Mean.CODEC,
          DatasetCondition.Stddev.CODEC,
          DatasetCondition.Sum.CODEC,
          DatasetCondition.Min.CODEC,
          DatasetCondition.Max.CODEC,
          DatasetCondition.Fresh.CODEC,
          DatasetCondition.Steady.CODEC,
          DatasetCondition.SameRowCount.CODEC,
          DatasetCondition.SameSum.CODEC,
          RuleCondition.Text.CODEC);

  private static final Map<Class<?>, ConditionCodec<?>> BY_TYPE = byType();
  private static final Map<String, ConditionCodec<?>> BY_NAME = byName();

  private ConditionCodecs() {}

  private static Map<Class<?>, ConditionCodec<?>> byType() {
    Map<Class<?>, ConditionCodec<?>> codecs = new HashMap<>();
    ALL.forEach(codec -> codecs.put(codec.type(), codec));
    return codecs;
  }

  private static Map<String, ConditionCodec<?>> byName() {
    Map<String, ConditionCodec<?>> codecs = new LinkedHashMap<>();
    ALL.forEach(codec -> codecs.put(codec.name(), codec));
    ALL.forEach(codec -> codec.aliases().forEach(name -> codecs.put(name, codec)));
    return codecs;
  }

  static List<ConditionCodec<?>> all() {
    return ALL;
  }

  static ConditionCodec<?> of(Class<?> condition) {
    return Objects.requireNonNull(BY_TYPE.get(condition));
  }

  /** Returns the codecs by the names with which the text of a rule can start. */
  static Map<String, ConditionCodec<?>> named() {
    return BY_NAME;
  }
}
