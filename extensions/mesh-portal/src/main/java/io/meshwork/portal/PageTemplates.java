package io.meshwork.portal;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;

/** Fills the templates, which were compiled with this module. Thread-safe. */
final class PageTemplates {
  private static final String PACKAGE = PageTemplates.class.getPackageName();

  private final TemplateEngine engine =
      TemplateEngine.createPrecompiled(
          null, ContentType.Html, PageTemplates.class.getClassLoader(), PACKAGE);

  String render(IndexPage page) {
    return render("index", page);
  }

  String render(DomainPage page) {
    return render("domain", page);
  }

  String render(ProductPage page) {
    return render("product", page);
  }

  String render(SearchPage page) {
    return render("search", page);
  }

  String render(MinePage page) {
    return render("mine", page);
  }

  String render(MapPage page) {
    return render("map", page);
  }

  String render(UsagePage page) {
    return render("usage", page);
  }

  String render(RequestsPage page) {
    return render("requests", page);
  }

  String render(RolloutsPage page) {
    return render("rollouts", page);
  }

  private String render(String template, Object page) {
    StringOutput output = new StringOutput();
    engine.render(template + ".jte", page, output);
    return output.toString();
  }
}
