using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using HyperVDash.Model.Hosts;

namespace HyperVDash.Rules.Releases;

/// <summary>Chooses a host's release profile from build, revision and updates.</summary>
public static class ReleaseProfiles
{
    private const int FirstReleasedRevision = 18000;

    private static readonly Version ReleasedHyperV = new(6, 0, 6001, 18016);

    private static readonly JsonSerializerOptions Words = new(JsonSerializerOptions.Web) { Converters = { new JsonStringEnumConverter() } };

    private static readonly string[] Keys = ["pre2008", "2008", "2008R2", "2012", "2012R2", "2016", "2019", "2022", "2025"];

    // Semi-annual, annual and client builds: released, and with the limits of the server release before them.
    private static readonly ImmutableArray<BuildBetween> ReleasedBetween = Json<ImmutableArray<BuildBetween>>("releasedBetween");

    private static readonly ImmutableArray<GuestSupport> Guests = Json<ImmutableArray<GuestSupport>>("guests");

    /// <summary>Every profile, oldest first.</summary>
    public static ImmutableArray<ReleaseProfile> All { get; } = [.. Keys.Select(Read)];

    private static readonly FrozenDictionary<string, ReleaseProfile> ByKey = All.ToFrozenDictionary(p => p.Key, StringComparer.Ordinal);

    /// <exception cref="KeyNotFoundException">No release of that key.</exception>
    public static ReleaseProfile Get(string key) =>
        ByKey.GetValueOrDefault(key) ?? throw new KeyNotFoundException($"There is no release profile {key}.");

    /// <summary>Null if the build was not read.</summary>
    public static ReleaseMatch? Resolve(HostOperatingSystem? os)
    {
        if (os?.Build is not { } build)
        {
            return null;
        }

        var stage = StageOf(os, build);
        if (stage is ReleaseStage.Ctp or ReleaseStage.Beta or ReleaseStage.HyperVRc0 or ReleaseStage.HyperVRc1)
        {
            return new(Get("pre2008"), stage, IsExact: true);
        }

        var released = All.Where(p => !p.IsPreRelease).ToList();
        var exact = released.Find(p => p.Builds.Contains(build));
        // A build between two releases behaves like the older one; one beyond all of them like the newest.
        return new(exact ?? released.LastOrDefault(p => p.Builds.Max() < build) ?? released[0], stage, exact is not null || Between(build) is not null)
        {
            IsBeyondKnown = build > NewestKnown,
            VmVersions = stage != ReleaseStage.Released ? [] : exact?.VmVersions ?? Between(build)?.VmVersions ?? [],
        };
    }

    private static BuildBetween? Between(int build) => ReleasedBetween.FirstOrDefault(b => b.Build == build);

    private static int NewestKnown => Math.Max(All.SelectMany(p => p.Builds).Max(), ReleasedBetween.Max(b => b.Build));

    private static ReleaseStage StageOf(HostOperatingSystem os, int build)
    {
        if (build == 6001)
        {
            return StageOf2008(os);
        }

        string[] lab = (os.BuildLab ?? "").Split('.');
        bool isPreviewBranch = lab.Length > 3 && lab[3].EndsWith("_prerelease", StringComparison.OrdinalIgnoreCase);
        bool isListed = All.Any(p => p.Builds.Contains(build)) || Between(build) is not null;
        // Beyond the newest that is listed nobody can tell a preview from the next release by its number.
        return isPreviewBranch || (!isListed && build > 6001 && build < NewestKnown) ? ReleaseStage.Preview : ReleaseStage.Released;
    }

    private static ReleaseStage StageOf2008(HostOperatingSystem os)
    {
        string[] lab = (os.BuildLab ?? "").Split('.');
        int? revision = lab.Length > 1 && int.TryParse(lab[1], NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
        var hyperV = Version.TryParse(os.HyperVVersion, out var version) ? version : null;
        if (revision < FirstReleasedRevision)
        {
            // A release candidate of Windows carries the preview; the last one already the beta.
            return hyperV is { Revision: >= 17000 } || revision >= 17000 ? ReleaseStage.Beta : ReleaseStage.Ctp;
        }

        if (Has(os, "KB950050") || os.ServicePack >= 2 || hyperV >= ReleasedHyperV)
        {
            return ReleaseStage.Released;
        }

        return Has(os, "KB950049") ? ReleaseStage.HyperVRc1
            : Has(os, "KB949219") ? ReleaseStage.HyperVRc0
            : hyperV is not null || (os.Hotfixes is not null && revision is not null) ? ReleaseStage.Beta
            : ReleaseStage.Unknown;
    }

    private static bool Has(HostOperatingSystem os, string hotfix) => os.Hotfixes?.Contains(hotfix, StringComparer.OrdinalIgnoreCase) == true;

    private static ReleaseProfile Read(string key, int order) => Json<ReleaseProfile>(key) with { Order = order, Guests = Guests };

    private static T Json<T>(string name)
    {
        using var stream = typeof(ReleaseProfiles).Assembly.GetManifestResourceStream($"HyperVDash.Rules.Releases.{name}.json")
            ?? throw new InvalidOperationException($"Release profile {name} is missing from the build.");
        return JsonSerializer.Deserialize<T>(stream, Words)!;
    }

    /// <summary>A build that no profile lists by itself.</summary>
    private sealed record BuildBetween(int Build)
    {
        /// <summary>Empty: not known.</summary>
        public ImmutableArray<Version> VmVersions { get; init => field = value.IsDefault ? [] : value; } = [];
    }
}
