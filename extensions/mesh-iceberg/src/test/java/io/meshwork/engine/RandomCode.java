package io.meshwork.engine;

import io.meshwork.contract.Contract;
import io.meshwork.internal.condition.RowCondition.Custom;
import io.meshwork.internal.contract.RuleConditions;
import io.meshwork.internal.quality.RuleContext.CodeName;
import io.meshwork.internal.quality.RuleContext.RuleCode;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.avro.generic.GenericRecord;

/**
 * The code of the custom rules of {@link RandomProduct}, which judges a row in each form alike: an
 * Avro record, or a map.
 */
enum RandomCode {
  FEW_TAGS("few-tags", 1) {
    @Override
    boolean isValid(Function<String, Object> row) {
      return ((List<?>) row.apply("tags")).size() < 3;
    }
  },
  FEWER_TAGS("few-tags", 2) {
    @Override
    boolean isValid(Function<String, Object> row) {
      return ((List<?>) row.apply("tags")).size() < 2;
    }
  },
  EARLY("early", 1) {
    @Override
    boolean isValid(Function<String, Object> row) {
      Object day = row.apply("day");
      return (day instanceof LocalDate date ? date.toEpochDay() : (Integer) day) < 20_060;
    }
  },
  SEATED("seated", 1) {
    @Override
    boolean isValid(Function<String, Object> row) {
      Object stop = row.apply("stop");
      return stop == null || !Integer.valueOf(4).equals(valuesOf(stop).apply("seats"));
    }
  },
  THROWING("throwing", 1) {
    @Override
    boolean isValid(Function<String, Object> row) {
      long id = (Long) row.apply("id");
      if (id == 17) {
        throw new IllegalStateException("17");
      }
      return id % 3 > 0;
    }
  };

  private final String text;
  private final int version;

  RandomCode(String text, int version) {
    this.text = text;
    this.version = version;
  }

  abstract boolean isValid(Function<String, Object> row);

  boolean isValid(GenericRecord row) {
    return isValid(valuesOf(row));
  }

  boolean isValid(Map<String, Object> row) {
    return isValid(valuesOf(row));
  }

  static Function<String, Object> valuesOf(Object row) {
    return row instanceof GenericRecord fields ? fields::get : ((Map<?, ?>) row)::get;
  }

  String text() {
    return text;
  }

  int version() {
    return version;
  }

  /** Returns the code of a product, whose contracts have a rule of its name. */
  static List<RandomCode> of(RandomProduct product) {
    Set<String> names =
        IntStream.rangeClosed(1, product.majors())
            .mapToObj(product::contract)
            .map(Contract::rules)
            .flatMap(List::stream)
            .map(RuleConditions::of)
            .filter(Custom.class::isInstance)
            .map(condition -> ((Custom) condition).name())
            .collect(Collectors.toSet());
    return Arrays.stream(values()).filter(code -> names.contains(code.text)).toList();
  }

  static Map<CodeName, RuleCode> onRecords() {
    return named(code -> new RuleCode.OnRecords(code::isValid));
  }

  static Map<CodeName, RuleCode> onMaps() {
    return named(code -> new RuleCode.OnMaps(code::isValid));
  }

  private static Map<CodeName, RuleCode> named(Function<RandomCode, RuleCode> form) {
    return Arrays.stream(values())
        .collect(Collectors.toMap(code -> new CodeName(code.text, code.version), form));
  }
}
