package io.meshwork.cli.internal.shell;

import java.util.Map;

/** Colours the status of a product, which its sign and its word say without colour. */
final class StatusColor {
  private static final Map<String, String> CODES =
      Map.of("▲ LATE", "33", "■ VIOLATED", "31", "◆ QUARANTINING", "33", "● FRESH", "32");

  private StatusColor() {}

  static String of(String line) {
    String colored = line;
    for (Map.Entry<String, String> status : CODES.entrySet()) {
      colored =
          colored.replace(
              status.getKey(), "\u001B[" + status.getValue() + "m" + status.getKey() + "\u001B[0m");
    }
    return colored;
  }
}
