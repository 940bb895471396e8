package io.meshwork.odcs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.meshwork.contract.Contract;
import io.meshwork.contract.ServiceLevel;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.odcs.internal.document.OdcsErrors;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Period;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Maps the service levels of a document, under their names and synonyms. */
final class ServiceLevelImport {
  static final String LATENCY = "latency";
  static final String RETENTION = "retention";

  private static final String ELEMENT = "element";
  private static final String DEFAULT_ELEMENT = "slaDefaultElement";

  private final JsonNode root;
  private final Set<String> names = new HashSet<>();
  private final ImportFindings findings;
  private final Map<String, String> paths = new LinkedHashMap<>();

  ServiceLevelImport(JsonNode root, JsonNode object, ImportFindings findings) {
    this.root = root;
    for (String key : List.of("name", "physicalName", "id")) {
      if (object.hasNonNull(key)) {
        names.add(object.path(key).asText());
      }
    }
    this.findings = findings;
  }

  /** Returns the paths of the levels that were mapped, by their usual names. */
  Map<String, String> paths() {
    return paths;
  }

  Contract of(Contract plain) {
    ServiceLevel level = plain.serviceLevel();
    JsonNode levels = root.path("slaProperties");
    for (int i = 0; i < levels.size(); i++) {
      String path = "slaProperties[" + i + "]";
      String name = nameOf(levels.get(i));
      if (name.isEmpty() || paths.containsKey(name)) {
        findings.preserved(path, "");
        continue;
      }
      String element = elementOf(levels.get(i));
      if (!element.isEmpty() && own(element, plain).isEmpty()) {
        findings.preserved(
            path, "its element " + OdcsErrors.quoted(element) + " is of another object");
        continue;
      }
      try {
        ServiceLevel changed = level(level, name, levels.get(i));
        if (changed == null) {
          findings.ambiguous(path, "its value and unit are not " + kindOf(name));
        } else {
          level = changed;
          paths.put(name, path);
          findings.mapped(path);
        }
      } catch (InvalidRequestException e) {
        findings.ambiguous(path, e.reason());
      }
    }
    return withEventTime(plain.serviceLevel(level));
  }

  /** What a level is about: its element, or the default of the document. */
  private String elementOf(JsonNode level) {
    String element = level.path(ELEMENT).asText().strip();
    return element.isEmpty() ? root.path(DEFAULT_ELEMENT).asText().strip() : element;
  }

  /**
   * Of the elements that a level names, separated by commas, the column of this object; no text if
   * it names the object; empty if all name others. A document of one object may be a part of one
   * with more, so that another name is another object.
   */
  private Optional<String> own(String element, Contract plain) {
    for (String each : element.split(",", -1)) {
      String name = each.strip();
      int dot = name.indexOf('.');
      String first = dot < 0 ? name : name.substring(0, dot);
      if (names.contains(first)) {
        return Optional.of(dot < 0 ? "" : name.substring(dot + 1));
      }
      if (plain.schema().getField(first) != null) {
        return Optional.of(name);
      }
    }
    return Optional.empty();
  }

  private static String kindOf(String name) {
    return name.equals("availability")
        ? "percent"
        : name.equals(RETENTION) ? "a period" : "an exact time above zero";
  }

  private static String nameOf(JsonNode level) {
    return switch (level.path("property").asText().toLowerCase(Locale.ROOT)) {
      case "latency", "ly", "freshness" -> LATENCY;
      case "frequency", "fy" -> "frequency";
      case "availability", "av" -> "availability";
      case "retention", "re" -> RETENTION;
      case "timetonotify", "tn" -> "timeToNotify";
      default -> "";
    };
  }

  private static @Nullable ServiceLevel level(ServiceLevel level, String name, JsonNode from) {
    if (name.equals("availability")) {
      BigDecimal percent = SlaTime.percent(from).orElse(null);
      return percent == null ? null : level.availability(percent.doubleValue());
    }
    if (name.equals(RETENTION)) {
      Period period = SlaTime.wholePeriod(from).orElse(null);
      return period == null ? null : level.retention(period);
    }
    Duration time = SlaTime.duration(from).orElse(null);
    if (time == null) {
      return null;
    }
    return switch (name) {
      case LATENCY -> level.freshWithin(time);
      case "frequency" -> level.frequency(time);
      default -> level.timeToNotify(time);
    };
  }

  /** The column whose newest value says how old the data is, if the document names one. */
  private Contract withEventTime(Contract plain) {
    for (String name : List.of(LATENCY, RETENTION)) {
      String path = paths.get(name);
      JsonNode level =
          path == null
              ? MissingNode.getInstance()
              : root.at("/" + path.replace('[', '/').replace("]", ""));
      String column = own(elementOf(level), plain).orElse("");
      if (!column.isEmpty()) {
        if (level.path(ELEMENT).asText().isEmpty()) {
          findings.mapped(DEFAULT_ELEMENT);
        }
        try {
          String zone = OdcsKeys.customProperty(root, OdcsKeys.PREFIX + "eventTimeZone").asText();
          ServiceLevel terms = plain.serviceLevel();
          return plain.serviceLevel(
              zone.isEmpty() ? terms.eventTime(column) : terms.eventTime(column, ZoneId.of(zone)));
        } catch (InvalidRequestException e) {
          findings.preserved(path + ".element", e.reason());
        } catch (DateTimeException e) {
          findings.preserved(path + ".element", "its time zone is not known");
        }
      }
    }
    return plain;
  }
}
