package io.meshwork.portal.internal.served;

import java.util.function.Supplier;

/**
 * The page for collectors of metrics.
 *
 * @param type its content type
 * @param text asked for each answer
 */
public record MetricsPage(String type, Supplier<String> text) {}
