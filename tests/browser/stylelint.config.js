/* The rules for the course's CSS: the standard ones for what may be wrong; not those for line breaks, nor for names. */

export default {
  extends: "stylelint-config-standard",
  rules: {
    "at-rule-empty-line-before": null,
    "declaration-block-single-line-max-declarations": null,
    "declaration-empty-line-before": null,
    "no-descending-specificity": null,
    "rule-empty-line-before": null,
    "selector-class-pattern": null,
  },
};
