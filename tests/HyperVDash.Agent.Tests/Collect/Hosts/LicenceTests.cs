using HyperVDash.Lab.Hosts;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Hosts;

namespace HyperVDash.Agent.Tests.Collect.Hosts;

public sealed class LicenceTests
{
    private const string Windows = "55c92734-d682-4d71-983e-d6ec3f16059f";

    private static LabInstance Product(string id, string? key) => new("SoftwareLicensingProduct")
    {
        ["ID"] = id, ["ApplicationID"] = Windows, ["Name"] = id, ["LicenseStatus"] = 1, ["GracePeriodRemaining"] = 0, ["PartialProductKey"] = key,
        ["EvaluationEndDate"] = new DateTimeOffset(1601, 1, 1, 0, 0, 0, TimeSpan.Zero),
    };

    [Fact]
    public async Task The_licence_is_that_of_Windows_and_not_of_an_addition_to_it()
    {
        await using var host = new HandMadeHost("2012R2", "9600");
        host.Add(HandMadeHost.Cimv2, Product("extended updates", "ESUXX").With("LicenseDependsOn", "something"));
        host.Add(HandMadeHost.Cimv2, Product("Windows", "ABCDE"));

        var licence = (await host.ReadAsync("licence")).Licence;

        Assert.Equal((SectionState.Complete, "ABCDE", LicenceStatus.Licensed, null, false),
            (licence.Attempt.State, licence.Content!.PartialKey, licence.Content.Status, licence.Content.EvaluationEndsAt, licence.Content.IsEvaluation));
    }

    [Fact]
    public async Task A_host_that_lists_no_licence_with_a_key_is_not_taken_for_licensed()
    {
        await using var host = new HandMadeHost("2022", "20348");
        host.Add(HandMadeHost.Cimv2, Product("Windows", null));

        var licence = (await host.ReadAsync("licence")).Licence;

        Assert.Equal(SectionState.Failed, licence.Attempt.State);
        Assert.Null(licence.Content);
    }
}
