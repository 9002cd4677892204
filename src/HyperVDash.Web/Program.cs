using HyperVDash.Agent.Serve;
using HyperVDash.Web;
using HyperVDash.Web.Access;
using HyperVDash.Web.Fleet;
using Serilog;

var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });

// Without it a build that runs outside Development answers 200 with no bytes for every css and script.
builder.WebHost.UseStaticWebAssets();

builder.Services.AddSerilog((services, log) => log.ReadFrom.Configuration(builder.Configuration).ReadFrom.Services(services)
    .Filter.ByExcluding(e => ListenProbe.IsTaken(e.Exception)));
if (!builder.TryListen(out var options))
{
    return Listening.Misused;
}

builder.Services
    .AddFleet(options)
    .AddDashboard();
builder.Host.AddSilo();

var app = builder.Build();

app.UseDashboardPipeline(options);
app.MapDashboard();
app.SayWhere();

return await app.RunAsync(options);
