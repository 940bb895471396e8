package io.meshwork.portal.internal.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.portal.internal.text.StatusBadge;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The colors of the style, by the contrast that WCAG 2.2 defines. */
class PageStyleTest {
  private static final Pattern SCHEME = Pattern.compile(":root \\{(.*?)\\}", Pattern.DOTALL);
  private static final Pattern COLOR = Pattern.compile("--([a-z-]+): #([0-9a-f]{6});");
  private static final double TEXT = 4.5;
  private static final double LINE = 3;

  @Test
  void textAndLinesContrastWithTheirGroundInEachScheme() {
    List<Map<String, String>> schemes = schemes();

    assertThat(schemes).as("light, dark, and paper").hasSize(3);
    for (Map<String, String> colors : schemes) {
      for (String ground : List.of("bg", "card", "link-tint")) {
        for (String text : List.of("ink", "soft", "link", "fresh", "late", "violated")) {
          assertContrast(colors, text, ground, TEXT);
        }
      }
      assertContrast(colors, "ink", "late-tint", TEXT);
      assertContrast(colors, "fresh", "fresh-tint", TEXT);
      assertContrast(colors, "late", "late-tint", TEXT);
      assertContrast(colors, "violated", "violated-tint", TEXT);
      assertContrast(colors, "line", "bg", LINE);
      assertContrast(colors, "line", "card", LINE);
    }
  }

  @Test
  void aContrastIsWhatTheStandardSays() {
    assertThat(contrast("000000", "ffffff")).isEqualTo(21);
    assertThat(contrast("777777", "ffffff")).isBetween(4.47, 4.49);
  }

  @Test
  void aStatusIsAWordAndAShapeOfItsOwnTone() {
    assertThat(StatusBadge.values())
        .allSatisfy(
            status -> {
              assertThat(status.word()).isNotBlank();
              assertThat(status.shape()).hasSize(1);
            });
    assertThat(StatusBadge.LATE.shape()).isNotEqualTo(StatusBadge.VIOLATED.shape());
    assertThat(StatusBadge.VIOLATED.shape()).isNotEqualTo(StatusBadge.FRESH.shape());
  }

  private static void assertContrast(
      Map<String, String> colors, String color, String ground, double least) {
    assertThat(contrast(colors.get(color), colors.get(ground)))
        .as("%s on %s of %s", color, ground, colors)
        .isGreaterThanOrEqualTo(least);
  }

  private static List<Map<String, String>> schemes() {
    List<Map<String, String>> schemes = new ArrayList<>();
    Matcher scheme = SCHEME.matcher(PageAssets.STYLE);
    while (scheme.find()) {
      Map<String, String> colors = new HashMap<>();
      Matcher color = COLOR.matcher(scheme.group(1));
      while (color.find()) {
        colors.put(color.group(1), color.group(2));
      }
      schemes.add(colors);
    }
    return schemes;
  }

  private static double contrast(String one, String other) {
    double first = luminance(one) + 0.05;
    double second = luminance(other) + 0.05;
    return Math.max(first, second) / Math.min(first, second);
  }

  private static double luminance(String color) {
    return 0.2126 * linear(color, 0) + 0.7152 * linear(color, 2) + 0.0722 * linear(color, 4);
  }

  private static double linear(String color, int start) {
    double value = Integer.parseInt(color.substring(start, start + 2), 16) / 255.0;
    return value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
  }
}
