using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Cim;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Hosts;

namespace HyperVDash.Agent.Collect.Hosts;

/// <summary>Whether Windows is activated; once a day, because the host takes long to say it.</summary>
internal sealed class LicenceReader() : SectionReader<LicenceState>("licence", r => r.Licence, (r, s) => r with { Licence = s })
{
    private static readonly TableQuery Products = new("root/cimv2", "SoftwareLicensingProduct",
        "ID", "Name", "LicenseStatus", "GracePeriodRemaining", "EvaluationEndDate", "PartialProductKey", "LicenseDependsOn")
    {
        // The application Windows itself; Office and others have their own.
        Where = "ApplicationID='55c92734-d682-4d71-983e-d6ec3f16059f' AND PartialProductKey IS NOT NULL",
    };

    public override IEnumerable<TableQuery> Queries(HostFacts host) => [Products, Plan.Os];

    protected override SectionResult<LicenceState> Read(SectionSources sources)
    {
        var products = sources.Tables[Products];
        var os = sources.Tables[Plan.Os];
        if (products.Error is { } error)
        {
            return SectionResult<LicenceState>.Failed(error);
        }

        // Extended updates and the like are licences on top of that of Windows.
        var row = products.Rows.FirstOrDefault(r => string.IsNullOrEmpty(r.String("LicenseDependsOn"))) ?? products.Rows.FirstOrDefault();
        if (row is null)
        {
            return SectionResult<LicenceState>.Without(SectionState.Failed, "The host lists no licence of Windows with a product key; slmgr /dlv on the host says what it has.");
        }

        var evaluationEndsAt = row.DateTime("EvaluationEndDate");
        return SectionResult<LicenceState>.Read(new()
        {
            Status = row.Int32("LicenseStatus") is >= 0 and <= 6 and var status ? (LicenceStatus)(status + 1) : LicenceStatus.Unknown,
            GraceRemaining = row.Int64("GracePeriodRemaining") is >= 0 and <= uint.MaxValue and var minutes ? TimeSpan.FromMinutes(minutes) : null,
            EvaluationEndsAt = evaluationEndsAt,
            IsEvaluation = IsEvaluation(os.Rows.FirstOrDefault(), evaluationEndsAt),
            PartialKey = Text.Cut(row.String("PartialProductKey")),
            ProductName = Text.Cut(row.String("Name")),
        }, [os.IsRead ? null : $"edition: {os.Error!.Message}"]);
    }

    // 72, 79 and 80: the evaluation editions of Enterprise, Standard and Datacenter.
    private static bool? IsEvaluation(CimRow? os, DateTimeOffset? evaluationEndsAt) =>
        evaluationEndsAt is not null ? true : os?.Int32("OperatingSystemSKU") is { } sku ? sku is 72 or 79 or 80 : null;
}
