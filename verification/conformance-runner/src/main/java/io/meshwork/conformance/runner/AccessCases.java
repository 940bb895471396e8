package io.meshwork.conformance.runner;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads files of the suite {@code access}: an object with the lists {@code worlds} and {@code
 * cases}, or lines with one {@code world} and its {@code cases} each. Cases without an ID on such
 * lines are numbered. A world is created once for all its cases.
 */
final class AccessCases {
  private AccessCases() {}

  /** A case with its ID and its world. {@code malformed} is the reason why the case cannot run. */
  record Case(String id, JsonNode json, WorldReader.Moment world, @Nullable String malformed) {}

  static List<Case> read(Path file) {
    try {
      String text = Files.readString(file).strip();
      boolean lines = text.lines().limit(1).anyMatch(AccessCases::isWhole);
      if (lines && !isWorlds(text.lines().findFirst().orElse(""))) {
        return ofLines(file, text);
      }
      return ofObject(file, CaseFile.parse(text));
    } catch (JsonProcessingException e) {
      throw new CannotRunException(
          "Cannot read the cases of " + file + ": " + e.getOriginalMessage() + ".");
    } catch (IOException e) {
      throw new CannotRunException("Cannot read the cases of " + file + ": " + e + ".");
    } catch (InvalidValueException e) {
      throw new CannotRunException(
          "Cannot read the cases of " + file + ": " + e.getMessage() + ".");
    }
  }

  /** Returns true if the line is a complete JSON object, as generators write them. */
  private static boolean isWhole(String line) {
    try {
      return CaseFile.parse(line).isObject();
    } catch (IOException theFirstLineOfSomethingLonger) {
      return false;
    }
  }

  private static boolean isWorlds(String line) throws IOException {
    return CaseFile.parse(line).has("worlds");
  }

  private static List<Case> ofObject(Path file, JsonNode root) {
    if (!root.path("worlds").isArray() || !root.path("cases").isArray()) {
      throw new CannotRunException(
          "Cannot read the cases of " + file + ": it has no lists 'worlds' and 'cases'.");
    }
    Map<String, WorldReader.Moment> worlds = new HashMap<>();
    for (JsonNode world : root.path("worlds")) {
      worlds.put(WorldReader.text(world, "id"), WorldReader.world(world));
    }
    List<Case> cases = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (JsonNode one : root.path("cases")) {
      String id = one.path("id").asText();
      WorldReader.Moment world = worlds.get(one.path("world").asText());
      String malformed =
          id.isBlank()
              ? "the case has no id"
              : !ids.add(id)
                  ? "another case of this file has the same id"
                  : world == null ? "there is no world of its name" : null;
      cases.add(
          new Case(
              id.isBlank() ? "#" + (cases.size() + 1) : id,
              one,
              world == null ? WorldReader.Moment.EMPTY : world,
              malformed));
    }
    return cases;
  }

  private static List<Case> ofLines(Path file, String text) throws IOException {
    List<Case> cases = new ArrayList<>();
    int number = 0;
    for (String line : text.lines().filter(each -> !each.isBlank()).toList()) {
      number++;
      JsonNode one = CaseFile.parse(line);
      if (!one.path("world").isObject() || !one.path("cases").isArray()) {
        throw new CannotRunException(
            "Cannot read the cases of " + file + ": line " + number + " has no world and cases.");
      }
      WorldReader.Moment world = WorldReader.world(one.path("world"));
      int place = 0;
      for (JsonNode json : one.path("cases")) {
        place++;
        cases.add(new Case(number + "-" + place, json, world, null));
      }
    }
    return cases;
  }
}
