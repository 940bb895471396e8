package io.meshwork.odcs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.odcs.internal.document.TreeMerge;
import io.meshwork.odcs.internal.document.YamlNode;
import io.meshwork.product.ProductName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Names the products that objects of a document become, in the relationships to these objects: as
 * their custom property {@code targetProduct}. Immutable.
 */
final class RelationshipTargets {
  /** A column by IDs: {@code /schema/object/properties/column}. */
  private static final Pattern BY_ID = Pattern.compile("/?schema/([^\\s/]+)/properties/([^\\s/]+)");

  private static final String SCHEMA = "schema";
  private static final String PROPERTIES = "properties";
  private static final String RELATIONSHIPS = "relationships";

  private final YamlNode root;
  private final Map<String, ProductName> products;

  /**
   * Creates it.
   *
   * @param products by the names of objects
   */
  RelationshipTargets(YamlNode root, Map<String, ProductName> products) {
    this.root = root;
    this.products = products;
  }

  /** A column of an object of the document, by names. */
  private record Target(String object, String column) {}

  /** Returns the document with the names of products. */
  YamlNode named() {
    YamlNode schema = root.get(SCHEMA);
    return schema == null ? root : root.with(SCHEMA, each(schema));
  }

  private YamlNode each(YamlNode elements) {
    return YamlNode.list(elements.items().stream().map(this::element).toList(), elements.place());
  }

  private YamlNode element(YamlNode element) {
    YamlNode named = element;
    YamlNode relationships = element.get(RELATIONSHIPS);
    if (relationships != null) {
      named =
          named.with(
              RELATIONSHIPS,
              YamlNode.list(
                  relationships.items().stream().map(this::relationship).toList(),
                  relationships.place()));
    }
    YamlNode properties = element.get(PROPERTIES);
    if (properties != null) {
      named = named.with(PROPERTIES, each(properties));
    }
    YamlNode items = element.get("items");
    return items == null ? named : named.with("items", element(items));
  }

  /** A relationship whose columns are all of one object that is a product. */
  private YamlNode relationship(YamlNode relationship) {
    YamlNode to = relationship.get("to");
    if (to == null
        || !OdcsKeys.customProperty(relationship.json(), RelationshipRule.TARGET).isMissingNode()) {
      return relationship;
    }
    List<Target> targets = new ArrayList<>();
    for (YamlNode column : to.isList() ? to.items() : List.of(to)) {
      target(column.text()).ifPresent(targets::add);
    }
    int columns = to.isList() ? to.items().size() : 1;
    List<String> objects = targets.stream().map(Target::object).distinct().toList();
    ProductName product = objects.size() == 1 ? products.get(objects.get(0)) : null;
    if (product == null || targets.size() != columns) {
      return relationship;
    }
    ObjectNode property =
        OdcsKeys.object().put("property", RelationshipRule.TARGET).put("value", product.toString());
    // The object is not there any longer when the document of another one is read: by names.
    YamlNode names = to;
    if (to.isList()) {
      names = YamlNode.list(targets.stream().map(RelationshipTargets::text).toList(), to.place());
    } else {
      names = text(targets.get(0));
    }
    return TreeMerge.append(
        names.sameAs(to) ? relationship : relationship.with("to", names),
        "customProperties",
        YamlNode.of(property));
  }

  private static YamlNode text(Target target) {
    return YamlNode.text(target.object() + "." + target.column());
  }

  private Optional<Target> target(String column) {
    Matcher byId = BY_ID.matcher(column);
    if (byId.matches()) {
      YamlNode object = find(root.get(SCHEMA), "id", byId.group(1));
      YamlNode property = object == null ? null : find(object.get(PROPERTIES), "id", byId.group(2));
      return object == null || property == null
          ? Optional.empty()
          : Optional.of(new Target(object.textOf("name"), property.textOf("name")));
    }
    int dot = column.indexOf('.');
    return dot < 0 || column.contains("/")
        ? Optional.empty()
        : Optional.of(new Target(column.substring(0, dot), column.substring(dot + 1)));
  }

  private static @Nullable YamlNode find(@Nullable YamlNode list, String key, String value) {
    return Stream.ofNullable(list)
        .flatMap(all -> all.items().stream())
        .filter(each -> each.textOf(key).equals(value))
        .findFirst()
        .orElse(null);
  }
}
