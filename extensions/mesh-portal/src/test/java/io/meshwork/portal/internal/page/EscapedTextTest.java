package io.meshwork.portal.internal.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.portal.internal.text.ContactLink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Attribute;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Text that people wrote is text on every page, wherever it stands. */
class EscapedTextTest {
  private static final Set<String> ELEMENTS =
      Set.of(
          "html",
          "head",
          "meta",
          "title",
          "link",
          "style",
          "body",
          "a",
          "header",
          "div",
          "svg",
          "path",
          "circle",
          "nav",
          "ul",
          "li",
          "main",
          "h1",
          "h2",
          "h3",
          "span",
          "p",
          "section",
          "table",
          "caption",
          "thead",
          "tbody",
          "tr",
          "th",
          "td",
          "time",
          "b",
          "br",
          "code",
          "dl",
          "dt",
          "dd",
          "details",
          "summary",
          "figure",
          "figcaption",
          "defs",
          "marker",
          "g",
          "rect",
          "text",
          "pre",
          "strong",
          "label",
          "input",
          "footer",
          "script");

  private static final Set<String> LINK_STARTS = Set.of("mailto:", "#");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "' onmouseover='alert(1)",
        "javascript:alert(1)",
        "</title></style></script><script>alert(1)</script>",
        "x@example.org\" onclick=\"alert(1)",
        "mailto:x@example.org?subject=%0d%0a",
        "<!--",
        "]]>",
        "&lt;b&gt;",
        "${1+1}",
        "\u202egnp.exe"
      })
  void hostileTextStaysText(String hostile) {
    assertTextOnly(hostile, new SamplePages(text -> hostile).render(), ELEMENTS);
    Set<String> withForms = new TreeSet<>(ELEMENTS);
    withForms.addAll(List.of("form", "button"));
    assertTextOnly(hostile, new SamplePages(text -> hostile).withForms().render(), withForms);
  }

  private static void assertTextOnly(
      String hostile, Map<String, String> pages, Set<String> allowed) {
    for (Map.Entry<String, String> page : pages.entrySet()) {
      Document document = Jsoup.parse(page.getValue());

      assertThat(elements(document)).as(page.getKey()).isSubsetOf(allowed);
      assertThat(document.select("script")).as(page.getKey()).hasSize(1);
      assertThat(document.select("script").get(0).data()).isEqualTo(PageAssets.SCRIPT);
      assertThat(document.select("style").get(0).data()).isEqualTo(PageAssets.STYLE);
      assertThat(faults(document)).as(page.getKey()).isEmpty();
      if (!List.of("usage.html", "map.html").contains(page.getKey())) {
        assertThat(document.body().text())
            .as(page.getKey())
            .contains(hostile.strip().replaceAll("\\s+", " "));
      }
    }
  }

  @Test
  void ordinaryTextDiffersFromHostileTextInTextOnly() {
    Map<String, String> plain = new SamplePages(text -> "plain").render();
    Map<String, String> hostile = new SamplePages(text -> "<b onclick=x>").render();

    for (String page : plain.keySet()) {
      assertThat(shape(Jsoup.parse(hostile.get(page))))
          .as(page)
          .isEqualTo(shape(Jsoup.parse(plain.get(page))));
    }
  }

  @Test
  void onlyTheStyleAndTheScriptAreWrittenAsTheyAre() throws IOException {
    List<String> unsafe;
    try (Stream<Path> templates = Files.walk(Path.of("src/main/jte"))) {
      unsafe =
          templates
              .filter(Files::isRegularFile)
              .flatMap(EscapedTextTest::lines)
              .filter(line -> line.contains("$unsafe"))
              .toList();
    }

    assertThat(unsafe)
        .containsExactly(
            "<style>$unsafe{frame.style()}</style>", "<script>$unsafe{frame.script()}</script>");
  }

  @Test
  void pagesReferToNothingOutsideTheSite() {
    for (Map.Entry<String, String> page : new SamplePages(text -> text).render().entrySet()) {
      assertThat(page.getValue()).as(page.getKey()).doesNotContain("http:", "https:", "//cdn");
      assertThat(Jsoup.parse(page.getValue()).select("[style], [src], iframe, object, form"))
          .as(page.getKey())
          .isEmpty();
    }
  }

  @Test
  void formsAreSentToTheServerOfThePageOnly() {
    Map<String, String> pages = new SamplePages(text -> text).withForms().render();
    List<Element> forms =
        pages.values().stream().flatMap(page -> Jsoup.parse(page).select("form").stream()).toList();

    assertThat(forms).hasSize(3);
    for (Element form : forms) {
      assertThat(form.attr("method")).isEqualTo("post");
      assertThat(form.attr("action")).isIn("decide", "answer");
      assertThat(form.expectFirst("button").hasAttr("disabled")).as("what Enter presses").isTrue();
    }
    assertThat(pages.values())
        .allSatisfy(page -> assertThat(page).contains("form-action &#39;self&#39;"));
  }

  @Test
  void onlyAddressesOfMailAreLinked() {
    assertThat(ContactLink.of("orders@example.org").href()).isEqualTo("mailto:orders@example.org");
    assertThat(ContactLink.of("javascript:alert(1)").isLinked()).isFalse();
    assertThat(ContactLink.of("a@example.org?bcc=b@example.org").isLinked()).isFalse();
    assertThat(ContactLink.of("#orders in the chat").isLinked()).isFalse();
  }

  private static Stream<String> lines(Path file) {
    try {
      return Files.readAllLines(file).stream();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Set<String> elements(Document document) {
    Set<String> names = new TreeSet<>();
    document.getAllElements().stream()
        .filter(element -> element != document)
        .forEach(element -> names.add(element.normalName()));
    return names;
  }

  private static List<String> shape(Document document) {
    return document.getAllElements().stream()
        .map(
            element ->
                element.normalName()
                    + element.attributes().asList().stream().map(Attribute::getKey).toList())
        .toList();
  }

  private static Set<String> faults(Document document) {
    Set<String> faults = new TreeSet<>();
    for (Element element : document.getAllElements()) {
      for (Attribute attribute : element.attributes()) {
        if (attribute.getKey().startsWith("on") || attribute.getKey().equals("style")) {
          faults.add(element.cssSelector() + " has " + attribute);
        }
      }
      String href = element.attr("href");
      boolean scheme = href.matches("(?i)[a-z][a-z0-9+.-]*:.*") || href.startsWith("//");
      if (scheme && LINK_STARTS.stream().noneMatch(href::startsWith)) {
        faults.add(element.cssSelector() + " leads to " + href);
      }
    }
    return faults;
  }
}
