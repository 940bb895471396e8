package io.meshwork.portal.internal.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.portal.internal.plot.Plot;
import io.meshwork.portal.internal.plot.SmallPlot;
import io.meshwork.portal.internal.plot.UseBar;
import io.meshwork.portal.internal.text.ContactLink;
import io.meshwork.portal.internal.text.PageTime;
import io.meshwork.portal.internal.text.ProductAddress;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Optional;

/**
 * The JSON document beside a page: what the page shows, by the names of its record's components.
 * Absent values are left out, and so are plots, whose values stand beside them. Format 1 only ever
 * gains fields.
 */
public final class PageDocument {
  /** How each document begins. */
  public static final String START = "{\n  \"format\" : 1,";

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private PageDocument() {}

  public static String of(Record page) {
    ObjectNode document = JSON.objectNode().put("format", 1);
    document.setAll(fields(page));
    return document.toPrettyString().replace("\r\n", "\n") + "\n";
  }

  private static ObjectNode fields(Record record) {
    ObjectNode node = JSON.objectNode();
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      Object value = value(record, component);
      if (value instanceof PageFrame frame) {
        node.put("viewer", frame.viewer()).put("at", frame.time().iso());
        if (!frame.unreachable().isEmpty()) {
          node.set("unreachable", node(frame.unreachable()));
        }
      } else if (value instanceof ProductAddress product) {
        node.put(component.getName(), product.toString());
        if (component.getName().equals("product")) {
          node.put("page", product.page());
        }
      } else if (!(value instanceof Plot || value instanceof SmallPlot || value instanceof UseBar)
          && !(value instanceof Optional<?> optional && optional.isEmpty())) {
        node.set(component.getName(), node(value));
      }
    }
    return node;
  }

  private static JsonNode node(Object value) {
    if (value instanceof Optional<?> optional && optional.isPresent()) {
      return node(optional.get());
    } else if (value instanceof List<?> list) {
      ArrayNode array = JSON.arrayNode();
      list.forEach(element -> array.add(node(element)));
      return array;
    } else if (value instanceof PageTime time) {
      return JSON.textNode(time.iso());
    } else if (value instanceof ContactLink contact) {
      return JSON.textNode(contact.text());
    } else if (value instanceof ProductAddress product) {
      return JSON.textNode(product.toString());
    } else if (value instanceof Record record) {
      return fields(record);
    } else if (value instanceof Boolean flag) {
      return JSON.booleanNode(flag);
    } else if (value instanceof Number number) {
      return JSON.numberNode(number.longValue());
    }
    return JSON.textNode(value instanceof Enum<?> constant ? constant.name() : value.toString());
  }

  private static Object value(Record record, RecordComponent component) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(record);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException(e);
    }
  }
}
