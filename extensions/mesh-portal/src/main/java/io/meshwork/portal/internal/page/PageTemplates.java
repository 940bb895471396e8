package io.meshwork.portal.internal.page;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;

/** Fills the templates, which were compiled with this module. Thread-safe. */
public final class PageTemplates {
  private static final String PACKAGE = PageTemplates.class.getPackageName();

  private final TemplateEngine engine =
      TemplateEngine.createPrecompiled(
          null, ContentType.Html, PageTemplates.class.getClassLoader(), PACKAGE);

  public String render(IndexPage page) {
    return render("index", page);
  }

  public String render(DomainPage page) {
    return render("domain", page);
  }

  public String render(ProductPage page) {
    return render("product", page);
  }

  public String render(SearchPage page) {
    return render("search", page);
  }

  public String render(MinePage page) {
    return render("mine", page);
  }

  public String render(MapPage page) {
    return render("map", page);
  }

  public String render(UsagePage page) {
    return render("usage", page);
  }

  public String render(RequestsPage page) {
    return render("requests", page);
  }

  public String render(RolloutsPage page) {
    return render("rollouts", page);
  }

  private String render(String template, Object page) {
    StringOutput output = new StringOutput();
    engine.render(template + ".jte", page, output);
    return output.toString();
  }
}
