using HyperVDash.Web.Features.Rules;
using HyperVDash.Web.Fleet;
using Microsoft.AspNetCore.Mvc;

namespace HyperVDash.Web.Tuning;

/// <summary>Saves what the page <c>rules/{id}/try</c> showed. A form like the others: it works without a circuit and leads to a page.</summary>
internal static class TuningForm
{
    // What the page needs to show the same change again.
    private static readonly string[] NotShownAgain = ["Revision", "__RequestVerificationToken"];

    public static void MapTuningForm(this WebApplication app) =>
        app.MapPost("/rules/{id}/tuning", async (string id, [FromForm] IFormCollection form, RuleBook book, TuningStore store, Reexamination reexamination, CancellationToken cancellationToken) =>
        {
            if (book.Rules.Find(id)?.Card.Id is not { } rule)
            {
                return Results.NotFound();
            }

            var asked = form.ToDictionary(f => f.Key, f => f.Value.LastOrDefault() ?? "", StringComparer.OrdinalIgnoreCase);
            var before = book.Settings;
            var outcome = await store.SaveAsync(rule, asked, cancellationToken);
            if (!ReferenceEquals(before, book.Settings))
            {
                await reexamination.RunAsync();
            }

            return outcome == TuningOutcome.Saved
                ? Results.LocalRedirect($"~/rules/{Uri.EscapeDataString(rule)}?done={(asked.GetValueOrDefault("do") == RuleTrial.Remove ? "removed" : "saved")}")
                : Results.LocalRedirect($"~/rules/{Uri.EscapeDataString(rule)}/try{Again(asked, outcome)}");
        });

    private static QueryString Again(Dictionary<string, string> asked, TuningOutcome outcome) => QueryString.Create(
        asked.Where(f => f.Value.Length > 0 || f.Key.StartsWith(RuleTrial.ThresholdPrefix, StringComparison.Ordinal)).Where(f => !NotShownAgain.Contains(f.Key))
            // One more than is allowed, so that the page says of it what is wrong, in an address that every browser follows.
            .Select(f => KeyValuePair.Create(f.Key, (string?)(f.Value.Length > RuleTrial.MaxText ? f.Value[..(RuleTrial.MaxText + 1)] : f.Value)))
            .Append(KeyValuePair.Create("refused", (string?)outcome.ToString().ToLowerInvariant())));
}
