package io.meshwork.odcs;

import io.meshwork.odcs.internal.document.YamlNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Creates a document of 3.2 from one that {@link PreviousVersion} wrote as 3.1. */
final class RestoredVersion {
  private static final String PREFIX = PreviousVersion.PREFIX;
  private static final String CUSTOM = PreviousVersion.CUSTOM;
  private static final String TYPE = PreviousVersion.TYPE;

  private boolean changed;

  private RestoredVersion() {}

  /** Returns the document as it was; the same if it was not written as 3.1. */
  static YamlNode of(YamlNode root) {
    RestoredVersion restored = new RestoredVersion();
    YamlNode document = restored.document(root);
    return restored.changed
        ? document.with("apiVersion", YamlNode.text(OdcsValidator.NEWEST))
        : root;
  }

  private YamlNode document(YamlNode root) {
    YamlNode document = root;
    if (custom(document, "status") != null) {
      document = without(document, "status");
      boolean draft = document.textOf("status").equals("draft");
      document = draft ? document.with("status", null) : document;
    }
    document = moved(document, "context");
    document = PreviousVersion.each(levels(document), "servers", this::server);
    return vendors(PreviousVersion.each(document, "schema", this::element));
  }

  private static @Nullable YamlNode custom(YamlNode element, String name) {
    for (YamlNode each : element.items(CUSTOM)) {
      if (each.textOf("property").equals(PREFIX + name)) {
        return each.get("value");
      }
    }
    return null;
  }

  private YamlNode without(YamlNode element, String name) {
    YamlNode custom = element.get(CUSTOM);
    if (custom == null) {
      return element;
    }
    changed = true;
    List<YamlNode> others =
        custom.items().stream()
            .filter(each -> !each.textOf("property").equals(PREFIX + name))
            .toList();
    return element.with(CUSTOM, others.isEmpty() ? null : YamlNode.list(others, custom.place()));
  }

  private YamlNode moved(YamlNode element, String key) {
    YamlNode value = custom(element, key);
    return value == null ? element : without(element, key).with(key, value);
  }

  private YamlNode element(YamlNode element) {
    YamlNode result = element;
    for (String key : PreviousVersion.MOVED) {
      result = moved(result, key);
    }
    if (custom(result, "map") != null) {
      result = moved(result, "map").with(TYPE, YamlNode.text("map"));
    }
    YamlNode options = custom(result, PreviousVersion.VECTOR);
    if (options != null) {
      result = without(result, PreviousVersion.VECTOR).with("items", null);
      result = result.with(TYPE, YamlNode.text(PreviousVersion.VECTOR));
      result = result.with(PreviousVersion.OPTIONS, options);
    }
    result = enumerated(PreviousVersion.each(result, "quality", check -> moved(check, "id")));
    result = inserted(result, PreviousVersion.RELATIONSHIPS, PreviousVersion.RELATIONSHIPS);
    YamlNode items = result.get("items");
    result = items == null ? result : result.with("items", element(items));
    result = PreviousVersion.each(result, "properties", this::element);
    return inserted(result, "properties", PreviousVersion.CALCULATED);
  }

  private YamlNode enumerated(YamlNode property) {
    YamlNode quality = property.get("quality");
    YamlNode result = property;
    for (YamlNode check : quality == null ? List.<YamlNode>of() : quality.items()) {
      YamlNode entries = custom(check, AllowedValues.KEY);
      if (entries != null && quality != null) {
        changed = true;
        List<YamlNode> others =
            quality.items().stream().filter(each -> !each.equals(check)).toList();
        result =
            result
                .with("quality", others.isEmpty() ? null : YamlNode.list(others, quality.place()))
                .with(AllowedValues.KEY, entries);
      }
    }
    return result;
  }

  private YamlNode inserted(YamlNode element, String key, String name) {
    YamlNode moved = custom(element, name);
    if (moved == null) {
      return element;
    }
    YamlNode list = element.get(key);
    List<YamlNode> items = new ArrayList<>(list == null ? List.of() : list.items());
    for (YamlNode each : moved.items()) {
      YamlNode item = each.get("element");
      if (item != null) {
        items.add(Math.min(index(each), items.size()), item);
      }
    }
    return without(element, name)
        .with(
            key, YamlNode.list(items, list == null ? YamlNode.SourcePosition.NONE : list.place()));
  }

  private static int index(YamlNode item) {
    YamlNode index = item.get(PreviousVersion.INDEX);
    return index == null ? Integer.MAX_VALUE : Math.max(0, index.json().asInt(Integer.MAX_VALUE));
  }

  private YamlNode server(YamlNode server) {
    YamlNode result = server;
    YamlNode own = custom(result, PreviousVersion.SERVER);
    if (own != null) {
      result = without(result, PreviousVersion.SERVER);
      for (String key : List.copyOf(own.entries().keySet())) {
        result = result.with(key, own.get(key));
      }
    }
    return moved(moved(moved(result, "encoding"), "workgroup"), "id");
  }

  private YamlNode levels(YamlNode document) {
    YamlNode moved = custom(document, PreviousVersion.LEVELS);
    YamlNode levels = document.get(PreviousVersion.LEVELS);
    if (moved == null || levels == null) {
      return document;
    }
    List<YamlNode> items = new ArrayList<>(levels.items());
    for (YamlNode parts : moved.items()) {
      int index = index(parts);
      if (index < items.size()) {
        YamlNode level = items.get(index);
        for (String key : List.of(PreviousVersion.DEFINITIONS, CUSTOM)) {
          level = parts.get(key) == null ? level : level.with(key, parts.get(key));
        }
        items.set(index, level);
      }
    }
    return without(document, PreviousVersion.LEVELS)
        .with(PreviousVersion.LEVELS, YamlNode.list(items, levels.place()));
  }

  private YamlNode vendors(YamlNode node) {
    if (node.isList()) {
      return YamlNode.list(node.items().stream().map(this::vendors).toList(), node.place());
    }
    YamlNode result = node;
    for (Map.Entry<String, YamlNode.Entry> each : node.entries().entrySet()) {
      String key = each.getKey();
      if (!key.equals(CUSTOM)) {
        result = result.with(key, vendors(each.getValue().value()));
      }
    }
    YamlNode owned = custom(result, PreviousVersion.VENDORS);
    if (owned == null) {
      return result;
    }
    result = without(result, PreviousVersion.VENDORS);
    for (YamlNode owner : owned.items()) {
      YamlNode custom = result.get(CUSTOM);
      List<YamlNode> items = new ArrayList<>(custom == null ? List.of() : custom.items());
      for (int i = 0; i < items.size(); i++) {
        YamlNode each = items.get(i);
        if (each.get("vendor") == null
            && each.textOf("property").equals(owner.textOf("property"))) {
          items.set(i, each.with("vendor", owner.get("vendor")));
          break;
        }
      }
      result = custom == null ? result : result.with(CUSTOM, YamlNode.list(items, custom.place()));
    }
    return result;
  }
}
