package io.meshwork.interchange;

import io.meshwork.card.ProductCard;
import io.meshwork.odcs.OdcsExport;
import io.meshwork.product.ProductName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The ODCS document of a version, as mesh-odcs writes it. */
final class OdcsContract {
  private static final String CONTEXT = "context";
  private static final String INSTRUCTIONS = "instructions";
  private static final String STATEMENTS = "verifiedStatements";
  private static final String CONSTRAINTS = "constraints";

  private final Map<?, ?> root;

  private OdcsContract(Map<?, ?> root) {
    this.root = root;
  }

  static OdcsContract of(ProductName product, ProductCard.Version version) {
    String yaml = OdcsExport.of(product, version).asYaml();
    return new OdcsContract(
        (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(yaml));
  }

  String id() {
    return String.valueOf(root.get("id"));
  }

  /** Adds the synonyms of the object, and the contexts of the contract and the object as one. */
  void describe(Map<String, Object> port) {
    Map<?, ?> object = (Map<?, ?>) list(root.get("schema")).get(0);
    if (object.get("synonyms") instanceof List<?> synonyms) {
      port.put("synonyms", synonyms);
    }
    Map<String, Object> context = new LinkedHashMap<>();
    add(context, root.get(CONTEXT));
    add(context, object.get(CONTEXT));
    if (!context.isEmpty()) {
      port.put(CONTEXT, context);
    }
  }

  /**
   * Adds a more specific context: instructions follow, an answer to the same question replaces the
   * other, and constraints accumulate.
   */
  private static void add(Map<String, Object> context, @Nullable Object more) {
    if (more instanceof String instructions) {
      add(context, Map.of(INSTRUCTIONS, instructions));
    } else if (more instanceof Map<?, ?> parts) {
      if (parts.get(INSTRUCTIONS) instanceof String text) {
        context.merge(INSTRUCTIONS, text, (general, specific) -> general + "\n" + specific);
      }
      List<Object> statements = new ArrayList<>(list(context.get(STATEMENTS)));
      for (Object each : list(parts.get(STATEMENTS))) {
        statements.removeIf(other -> question(other).equals(question(each)));
        statements.add(each);
      }
      put(context, STATEMENTS, statements);
      List<Object> constraints = new ArrayList<>(list(context.get(CONSTRAINTS)));
      constraints.addAll(list(parts.get(CONSTRAINTS)));
      put(context, CONSTRAINTS, constraints);
    }
  }

  private static void put(Map<String, Object> context, String key, List<Object> values) {
    if (!values.isEmpty()) {
      context.put(key, values);
    }
  }

  private static String question(Object statement) {
    return String.valueOf(((Map<?, ?>) statement).get("question"));
  }

  private static List<?> list(@Nullable Object value) {
    return value instanceof List<?> list ? list : List.of();
  }
}
